package dev.agentcoord.harness;

import dev.agentcoord.Session;
import dev.agentcoord.SharedState;
import dev.agentcoord.harness.history.LockPromise;
import dev.agentcoord.harness.history.tasks.QueuePromise;
import java.time.Duration;

/**
 * What a backend promises where not all promise the same.
 *
 * @param locks of its locks
 * @param queues of its queues
 * @param endsBySilence whether a session that is not heard of for its ttl is over, though its agent lives
 */
record Promises(LockPromise locks, QueuePromise queues, boolean endsBySilence) {
    /** All servers may be restarted after an agent's death, and count its ttl anew, on a machine with other things to do. */
    private static final Duration GRACE = ZkStore.TTL.plusSeconds(25);

    static Promises of(String backend) {
        return ZkStore.isBelow(backend)
                ? new Promises(LockPromise.loose(GRACE), QueuePromise.loose(GRACE.dividedBy(2)), true)
                : new Promises(LockPromise.strict(), QueuePromise.strict(), false);
    }

    /** The state with reads that see every write that has returned. */
    SharedState current(Session session) {
        return endsBySilence ? session.state().linearizable() : session.state();
    }
}
