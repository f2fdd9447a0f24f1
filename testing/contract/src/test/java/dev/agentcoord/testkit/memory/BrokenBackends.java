package dev.agentcoord.testkit.memory;

import java.util.List;
import java.util.stream.Stream;

/** Every known way to break a backend: for each contract test at least one that it catches. */
final class BrokenBackends {
    private static final List<Broken> ALL = Stream.of(
                    BrokenLocks.all(),
                    BrokenPools.all(),
                    BrokenWaits.all(),
                    BrokenGrants.all(),
                    BrokenSessions.all(),
                    BrokenQueues.all(),
                    BrokenTaskRules.all(),
                    BrokenHandOffs.all(),
                    BrokenState.all(),
                    BrokenTxns.all(),
                    BrokenWatches.all())
            .flatMap(List::stream)
            .toList();

    private BrokenBackends() {}

    static List<Broken> all() {
        return ALL;
    }

    static Broken named(String what) {
        return ALL.stream()
                .filter(broken -> broken.what().equals(what))
                .findFirst()
                .orElseThrow();
    }
}
