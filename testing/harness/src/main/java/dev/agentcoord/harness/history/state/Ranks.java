package dev.agentcoord.harness.history.state;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where a write comes among those of its key, since revisions rise: this is what keeps the search for an order short. Immutable. */
final class Ranks {
    private final Map<Long, Integer> byRevision = new HashMap<>();

    Ranks(List<Step> steps) {
        steps.stream()
                .flatMap(step -> step.touch().written().stream())
                .map(Version::revision)
                .filter(revision -> revision > 0)
                .sorted()
                .distinct()
                .forEach(revision -> byRevision.put(revision, byRevision.size()));
    }

    int of(long revision) {
        return byRevision.getOrDefault(revision, -1);
    }
}
