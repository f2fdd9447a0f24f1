package dev.agentcoord.runner.session;

import dev.agentcoord.core.TimeSource;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Everything an agent started: what carries its session in the environment, what lives in its pane's session of processes, and
 * what these started. A process that cleared its environment, left the process session and outlived its parent is not found.
 */
final class ProcessTree {
    /** Marks the agent's processes. */
    static final String SESSION = "AGENTCOORD_SESSION";
    /** Marks the guard's own processes, which are spared. */
    static final String GUARD = "AGENTCOORD_GUARD";

    private static final long POLL_MILLIS = 20;
    /** What cannot be killed may still end by itself when all around it has ended. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final String session;
    private final String guard;
    private final long pane;

    /** The tree of a session; {@code guard} marks what to spare, {@code pane} is the root process of its terminal. */
    ProcessTree(String session, String guard, long pane) {
        this.session = session;
        this.guard = guard;
        this.pane = pane;
    }

    /** The ids of its live processes. */
    Set<Long> members() {
        List<Proc.Entry> all =
                Proc.all().stream().filter(entry -> !entry.isZombie()).toList();
        Set<Long> members =
                all.stream().filter(this::isMarked).map(Proc.Entry::pid).collect(Collectors.toSet());
        for (boolean grew = !members.isEmpty(); grew; ) {
            Set<Long> children = all.stream()
                    .filter(entry -> members.contains(entry.parent()))
                    .map(Proc.Entry::pid)
                    .collect(Collectors.toCollection(HashSet::new));
            grew = members.addAll(children);
        }
        return members;
    }

    /**
     * Ends them all: asks them to, and kills what is left after the grace. Returns when none is left but those that this user may not
     * signal, as what was started with sudo: their ids.
     */
    Set<Long> end(Duration grace) throws InterruptedException {
        TimeSource time = TimeSource.system();
        long deadline = time.nanos() + grace.toNanos();
        Set<Long> spared = Set.of();
        members().forEach(ProcessTree::ask);
        for (Set<Long> left = members(); !left.isEmpty(); left = members()) {
            long late = time.nanos() - deadline;
            if (late >= PATIENCE.toNanos() && spared.containsAll(left)) {
                return left;
            }
            if (late >= 0) {
                spared = left.stream().filter(pid -> !kill(pid)).collect(Collectors.toSet());
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        return Set.of();
    }

    private boolean isMarked(Proc.Entry entry) {
        return Proc.hasVariable(entry.pid(), SESSION, session)
                || (entry.session() == pane && !Proc.hasVariable(entry.pid(), GUARD, guard));
    }

    private static void ask(long pid) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
    }

    /** False when it may not be signalled, or is gone. */
    private static boolean kill(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::destroyForcibly).orElse(false);
    }
}
