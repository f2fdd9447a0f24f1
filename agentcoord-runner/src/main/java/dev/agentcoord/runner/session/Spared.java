package dev.agentcoord.runner.session;

import dev.agentcoord.runner.Refusal;
import java.util.Collection;
import java.util.stream.Collectors;

/** What is said of processes that this user may not end, as what was started with sudo. */
public final class Spared {
    private Spared() {}

    /** They go on; {@code what} says whose they are or what has ended without them. */
    public static Refusal refusal(String what, Collection<Long> pids) {
        String all = pids.stream().sorted().map(String::valueOf).collect(Collectors.joining(" "));
        return Refusal.failed(what + " belong to somebody else and go on: " + all, "sudo kill -9 " + all);
    }
}
