package dev.agentcoord.benchmarks;

import dev.agentcoord.Claim;
import dev.agentcoord.NewTask;
import dev.agentcoord.Session;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.Wait;
import dev.agentcoord.WaitTimeoutException;
import java.time.Duration;

/** Our queue, on whatever store. */
final class SessionWork implements WorkLine {
    private static final Wait PATIENCE = Wait.upTo(Duration.ofMillis(300));

    private final Session session;
    private final TaskQueue queue;

    SessionWork(Session session) {
        this.session = session;
        this.queue = session.queue("work");
    }

    @Override
    public void put(String payload) {
        queue.enqueue(NewTask.of(payload));
    }

    @Override
    public boolean takeAndFinish() {
        try {
            Claim claim = queue.claim(PATIENCE);
            claim.complete(""); // As its peers: they have no place for a result.
            return true;
        } catch (WaitTimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring", e);
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
