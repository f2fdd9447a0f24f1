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

    /** Ends them all: asks them to, and kills what is left after the grace; returns when none is left. */
    void end(Duration grace) throws InterruptedException {
        TimeSource time = TimeSource.system();
        long deadline = time.nanos() + grace.toNanos();
        signal(false);
        while (!members().isEmpty()) {
            if (time.nanos() - deadline >= 0) {
                signal(true);
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private boolean isMarked(Proc.Entry entry) {
        return Proc.hasVariable(entry.pid(), SESSION, session)
                || (entry.session() == pane && !Proc.hasVariable(entry.pid(), GUARD, guard));
    }

    private void signal(boolean kill) {
        for (long pid : members()) {
            ProcessHandle.of(pid).ifPresent(process -> {
                if (kill) {
                    process.destroyForcibly();
                } else {
                    process.destroy();
                }
            });
        }
    }
}
