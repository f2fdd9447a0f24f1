package dev.agentcoord.harness;

import java.util.Random;

/** Locks, queues and state by turns; a task that was claimed may stay claimed meanwhile. */
final class MixedWork implements Work {
    private static final int TURNS = 10;
    private static final int QUEUE_TURNS = 3;
    private static final int STATE_TURNS = 3;

    private final Work locks;
    private final Work queues;
    private final Work state;
    private final Random random;

    MixedWork(Work locks, Work queues, Work state, Random random) {
        this.locks = locks;
        this.queues = queues;
        this.state = state;
        this.random = random;
    }

    @Override
    public void once() throws InterruptedException {
        int turn = random.nextInt(TURNS);
        if (turn < QUEUE_TURNS) {
            queues.once();
        } else if (turn < QUEUE_TURNS + STATE_TURNS) {
            state.once();
        } else {
            locks.once();
        }
    }
}
