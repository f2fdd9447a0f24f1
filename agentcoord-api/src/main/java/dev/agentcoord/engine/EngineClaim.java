package dev.agentcoord.engine;

import dev.agentcoord.Claim;
import dev.agentcoord.FencingToken;
import dev.agentcoord.Retry;
import dev.agentcoord.StaleClaimException;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.core.Limits;
import dev.agentcoord.core.queue.Ending;
import dev.agentcoord.core.queue.RetryRule;
import dev.agentcoord.spi.Delivery;
import dev.agentcoord.spi.TaskStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** One delivery, finished at most once from here; the store has the last word on whether it is still the current one. Thread-safe. */
final class EngineClaim implements Claim {
    private final EngineSession session;
    private final TaskStore store;
    private final Delivery delivery;
    private boolean finished;

    EngineClaim(EngineSession session, TaskStore store, Delivery delivery) {
        this.session = session;
        this.store = store;
        this.delivery = delivery;
    }

    @Override
    public TaskInfo task() {
        return delivery.task();
    }

    @Override
    public FencingToken token() {
        return delivery.token();
    }

    @Override
    public void complete(String result) {
        finish(new Ending.Done(text("result", result)));
    }

    @Override
    public void fail(String cause, Retry retry) {
        double spread = ThreadLocalRandom.current().nextDouble();
        TaskInfo task = task();
        finish(RetryRule.afterFailure(task.attempt(), task.maxAttempts(), text("cause", cause), retry, spread));
    }

    @Override
    public void release(Duration delay) {
        finish(new Ending.Again(Limits.delay(delay), "", false));
    }

    /** Finished only once the store has said so: after an outage the caller may try again. */
    private synchronized void finish(Ending ending) {
        session.findLosses();
        if (finished || session.life().hasEnded()) {
            throw new StaleClaimException(
                    delivery.task(),
                    "nothing was changed: the claim on task " + task().id()
                            + (finished ? " was finished before" : " ended with its session") + "; claim again");
        }
        store.finish(delivery, ending);
        finished = true;
        session.awaitDelivered();
    }

    private static String text(String what, String text) {
        Limits.value("the " + what + " of a task", text.getBytes(StandardCharsets.UTF_8));
        return text;
    }
}
