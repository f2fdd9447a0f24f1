package dev.agentcoord.harness;

import java.util.Set;

/**
 * What to simulate.
 *
 * @param backend as {@link BackendOpener#named} reads it
 * @param workload what the agents do
 * @param agents how many processes
 * @param seconds how long they work once all have joined
 * @param faults what happens to them meanwhile
 * @param seed of the requests, and of the faults
 */
record Plan(String backend, Workload workload, int agents, int seconds, Set<Fault> faults, long seed) {
    /** What the agents do. */
    enum Workload {
        /** They lock and unlock. */
        LOCKS,
        /** They enqueue tasks, claim and finish them. */
        QUEUE,
        /** They read and write shared state. */
        STATE,
        /** They do all of it, by turns and at once. */
        MIXED;

        boolean usesQueues() {
            return this == QUEUE || this == MIXED;
        }
    }

    /** What happens to an agent, or to the servers. */
    enum Fault {
        /** SIGKILL, and another process in its place. */
        KILL,
        /** SIGSTOP, and SIGCONT half a second to three seconds later. */
        STOP,
        /** Somebody steals a lock that is held. */
        STEAL,
        /** SIGKILL of the server that leads, which is started again a moment later. */
        LEADER,
        /** The same of one that follows. */
        FOLLOWER,
        /** SIGKILL of all servers, which are started again. */
        RESTART,
        /** A part of the network loses packets, for a while. */
        PARTITION;

        boolean isOfServers() {
            return compareTo(LEADER) >= 0;
        }
    }

    Plan {
        if (agents < 1 || seconds < 1) {
            throw new IllegalArgumentException("at least one agent and one second are needed");
        }
        faults = Set.copyOf(faults);
    }
}
