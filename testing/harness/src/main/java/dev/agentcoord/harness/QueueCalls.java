package dev.agentcoord.harness;

import dev.agentcoord.Claim;
import dev.agentcoord.CoordinationException;
import dev.agentcoord.Retry;
import dev.agentcoord.Session;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.Wait;
import dev.agentcoord.harness.Recorder.Kind;
import dev.agentcoord.harness.history.Call.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Calls on the queues of a session, each written down with its beginning and its end. Not thread-safe. */
final class QueueCalls {
    private final Session session;
    private final Recorder record;
    private final Tasks tasks;

    QueueCalls(Session session, Recorder record, Tasks tasks) {
        this.session = session;
        this.record = record;
        this.tasks = tasks;
    }

    void enqueue(String queue, String id) {
        int number = record.begins(Kind.QUEUE, "enqueue " + queue + ' ' + id);
        finish(number, () -> {
            TaskInfo info = session.queue(queue).enqueue(tasks.task(queue, id));
            return info.state() + " " + info.attempt();
        });
    }

    /** Claims what is ready, or waits for it; empty when there was nothing, or the call failed. */
    Optional<Claim> claim(String queue, Wait wait) throws InterruptedException {
        int number = record.begins(Kind.QUEUE, "claim " + queue);
        try {
            Optional<Claim> claim = wait.equals(Wait.none())
                    ? session.queue(queue).tryClaim()
                    : Optional.of(session.queue(queue).claim(wait));
            long at = System.nanoTime();
            String got = claim.map(each -> each.task().id() + " " + each.task().attempt() + " " + each.token())
                    .orElse("none");
            record.ended(Kind.QUEUE, number, at, claim.isPresent() ? Outcome.OK : Outcome.REFUSED, got);
            return claim;
        } catch (CoordinationException e) {
            record.failed(Kind.QUEUE, number, e);
            return Optional.empty();
        }
    }

    void complete(String queue, Claim claim) {
        String result =
                "result-" + record.nextNumber() + "-of-" + session.info().agent();
        end("complete", queue, claim, 0, result, () -> claim.complete(result));
    }

    void fail(String queue, Claim claim, Duration delay) {
        String cause = "cause-" + record.nextNumber();
        end("fail", queue, claim, delay.toNanos(), cause, () -> claim.fail(cause, Retry.after(delay)));
    }

    void bury(String queue, Claim claim) {
        String cause = "cause-" + record.nextNumber();
        end("bury", queue, claim, 0, cause, () -> claim.fail(cause, Retry.never()));
    }

    void release(String queue, Claim claim, Duration delay) {
        end("release", queue, claim, delay.toNanos(), "-", () -> claim.release(delay));
    }

    /** What has become of a task. */
    void look(String queue, String id) {
        int number = record.begins(Kind.QUEUE, "look " + queue + ' ' + id);
        finish(
                number,
                () -> session.queue(queue)
                        .find(new TaskId(id))
                        .map(info -> info.state() + " " + info.attempt() + " " + info.outcome())
                        .orElse("NONE 0 "));
    }

    private void end(String verb, String queue, Claim claim, long delay, String text, Runnable call) {
        String what = verb
                + ' '
                + queue
                + ' '
                + claim.task().id()
                + ' '
                + claim.token().generation()
                + ' '
                + delay
                + ' '
                + text;
        finish(record.begins(Kind.QUEUE, what), () -> {
            call.run();
            return "-";
        });
    }

    private void finish(int number, Supplier<String> call) {
        try {
            String result = call.get();
            record.ended(Kind.QUEUE, number, System.nanoTime(), Outcome.OK, result);
        } catch (CoordinationException e) {
            record.failed(Kind.QUEUE, number, e);
        }
    }
}
