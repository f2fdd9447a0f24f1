package dev.agentcoord.runner.session;

import dev.agentcoord.ProcessId;
import dev.agentcoord.core.TimeSource;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Everything an agent started: what carries its session in the environment, what lives in its pane's session of processes, and
 * what these started; or, of a command, what carries its mark. A process that cleared its environment, left the process session and outlived its parent is not found.
 */
final class ProcessTree {
    /** Marks the agent's processes. */
    static final String SESSION = "AGENTCOORD_SESSION";
    /** Tells the agent's processes where their runner listens. */
    static final String SOCKET = "AGENTCOORD_SOCK";
    /** Marks the guard's own processes, which are spared. */
    static final String GUARD = "AGENTCOORD_GUARD";

    private static final long POLL_MILLIS = 20;
    /** What cannot be killed may still end by itself when all around it has ended. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** No process session has this id. */
    private static final long NO_PANE = -1;

    /** Variables that its processes have all of in their environment. */
    private final Map<String, String> marks;

    private final String guard;
    private final long pane;

    private ProcessTree(Map<String, String> marks, String guard, long pane) {
        this.marks = marks;
        this.guard = guard;
        this.pane = pane;
    }

    /** The tree of a session; {@code guard} marks what to spare, {@code pane} is the root process of its terminal. */
    static ProcessTree ofSession(String session, String guard, long pane) {
        return new ProcessTree(Map.of(SESSION, session), guard, pane);
    }

    /** What carries that value of a variable in its environment, and what that started. */
    static ProcessTree marked(String variable, String value) {
        return new ProcessTree(Map.of(variable, value), "", NO_PANE);
    }

    /** What a run's record says is its session, as far as the kernel says that it was started in that run. */
    static ProcessTree ofRun(String session, RuntimeDirectory runtime) {
        return new ProcessTree(
                Map.of(SESSION, session, SOCKET, runtime.controlSocket().toString()), "", NO_PANE);
    }

    /** Its live processes: those that can be told, those that were found before, and what these started. */
    private Set<ProcessId> members(Set<ProcessId> before) {
        Map<Long, Proc.Entry> all = Proc.all().stream()
                .filter(entry -> !entry.isZombie())
                .collect(Collectors.toMap(Proc.Entry::pid, entry -> entry, (one, same) -> same));
        Set<Long> members = all.values().stream()
                .filter(entry -> before.contains(entry.id()) || isMarked(entry))
                .map(Proc.Entry::pid)
                .collect(Collectors.toSet());
        for (boolean grew = !members.isEmpty(); grew; ) {
            Set<Long> children = all.values().stream()
                    .filter(entry -> members.contains(entry.parent()))
                    .map(Proc.Entry::pid)
                    .collect(Collectors.toCollection(HashSet::new));
            grew = members.addAll(children);
        }
        return members.stream()
                .map(pid -> Objects.requireNonNull(all.get(pid)).id())
                .collect(Collectors.toSet());
    }

    /**
     * Ends them all: asks them to, and kills what is left after the grace. Returns when none is left but those that this user may not
     * signal, as what was started with sudo: their ids. Who was found once stays one of them though its parent ends first.
     */
    Set<Long> end(Duration grace) throws InterruptedException {
        TimeSource time = TimeSource.system();
        long deadline = time.nanos() + grace.toNanos();
        Set<ProcessId> spared = Set.of();
        Set<ProcessId> left = members(Set.of());
        left.forEach(ProcessTree::ask);
        for (left = members(left); !left.isEmpty(); left = members(left)) {
            long late = time.nanos() - deadline;
            if (late >= PATIENCE.toNanos() && spared.containsAll(left)) {
                return left.stream().map(ProcessId::pid).collect(Collectors.toSet());
            }
            if (late >= 0) {
                spared = left.stream().filter(process -> !kill(process)).collect(Collectors.toSet());
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        return Set.of();
    }

    private boolean isMarked(Proc.Entry entry) {
        return marks.entrySet().stream().allMatch(mark -> Proc.hasVariable(entry.pid(), mark.getKey(), mark.getValue()))
                || (entry.session() == pane && !Proc.hasVariable(entry.pid(), GUARD, guard));
    }

    private static void ask(ProcessId process) {
        ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroy);
    }

    /** False when it may not be signalled, or is gone. */
    private static boolean kill(ProcessId process) {
        return ProcessHandle.of(process.pid())
                .map(ProcessHandle::destroyForcibly)
                .orElse(false);
    }
}
