package dev.agentcoord.harness.history;

import dev.agentcoord.harness.history.Violation.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Whoever was seen waiting is granted before every conflicting request that was made after that. Believes no token, so it also finds a
 * store that numbers grants rather than requests; but where a request that was given up may be seen for a while, only the position tells
 * which one was seen.
 */
final class SightingRule {
    private final Conflicts conflicts;
    private final LockPromise promise;

    SightingRule(Conflicts conflicts, LockPromise promise) {
        this.conflicts = conflicts;
        this.promise = promise;
    }

    List<Violation> check(List<Numbered> granted, List<Sighting> sightings) {
        List<Violation> found = new ArrayList<>();
        Map<String, NavigableMap<Long, Integer>> byLife = byInvocation(granted);
        for (Sighting sighting : sightings) {
            Map.Entry<Long, Integer> last =
                    byLife.getOrDefault(sighting.life(), new TreeMap<>()).floorEntry(sighting.invoked());
            if (last != null && waitedThroughout(granted.get(last.getValue()).attempt(), sighting)) {
                check(granted, last.getValue(), sighting.completed(), found);
            }
        }
        return found;
    }

    private boolean waitedThroughout(Attempt attempt, Sighting sighting) {
        return attempt.acquire().completed() >= sighting.completed()
                && !attempt.isLost()
                && (promise.removesAtOnce() || isAt(sighting.position(), attempt));
    }

    private static boolean isAt(long position, Attempt attempt) {
        return attempt.token() != null && attempt.token().position() == position;
    }

    /** Looks backwards through the grants between the sighting and that of the one that was seen. */
    private void check(List<Numbered> granted, int seen, long placedBy, List<Violation> found) {
        Numbered waiting = granted.get(seen);
        for (int i = seen - 1; i >= 0 && granted.get(i).attempt().assertedFrom() > placedBy; i--) {
            Numbered other = granted.get(i);
            if (other.attempt().acquire().invoked() > placedBy
                    && other.attempt().isOfAnotherThan(waiting.attempt())
                    && !other.attempt().isLost()
                    && conflicts.conflict(waiting.number(), other.number())) {
                found.add(Violation.of(Kind.OVERTAKEN, other.attempt(), waiting.attempt()));
            }
        }
    }

    /** For each life, where its grants are in the list, by the time they were asked for. */
    private static Map<String, NavigableMap<Long, Integer>> byInvocation(List<Numbered> granted) {
        Map<String, NavigableMap<Long, Integer>> byLife = new HashMap<>();
        for (int i = 0; i < granted.size(); i++) {
            Attempt attempt = granted.get(i).attempt();
            byLife.computeIfAbsent(attempt.life().name(), name -> new TreeMap<>())
                    .put(attempt.acquire().invoked(), i);
        }
        return byLife;
    }
}
