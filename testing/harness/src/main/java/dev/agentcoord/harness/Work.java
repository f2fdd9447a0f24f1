package dev.agentcoord.harness;

import dev.agentcoord.Session;

/** What a simulated agent does over and over. */
interface Work {
    /** Does one piece of it. */
    void once() throws InterruptedException;

    /** The work of an agent. */
    static Work of(Session session, Recorder record, AgentArguments arguments) {
        LockWork locks = new LockWork(session, record, arguments);
        QueueWork queues = new QueueWork(session, record, arguments);
        StateWork state = new StateWork(Promises.of(arguments.backend()).current(session), record, arguments);
        return switch (arguments.workload()) {
            case LOCKS -> locks;
            case QUEUE -> queues;
            case STATE -> state;
            case MIXED -> new MixedWork(locks, queues, state, arguments.random("turns"));
        };
    }
}
