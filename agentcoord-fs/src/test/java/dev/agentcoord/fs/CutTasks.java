package dev.agentcoord.fs;

import dev.agentcoord.Claim;
import dev.agentcoord.NewTask;
import dev.agentcoord.Recipient;
import dev.agentcoord.Retry;
import dev.agentcoord.Session;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.Wait;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What {@link CutWriter} does to queues, each of one kind of task: {@code added}, {@code done}, {@code dead}, {@code cancelled},
 * {@code redriven} or {@code handed}, with {@code ID QUEUE}, and {@code same DEDUPKEY ID QUEUE}.
 */
final class CutTasks {
    static final String WORK = "work";
    static final String LINES = "lines";
    static final String CHAINS = "chains";
    static final String RESULTS = "results";
    static final String CANCELS = "cancels";
    static final String REDRIVES = "redrives";
    static final String HANDOFFS = "handoffs";
    static final String DEDUPS = "dedups";
    static final List<String> ALL = List.of(WORK, LINES, CHAINS, RESULTS, CANCELS, REDRIVES, HANDOFFS, DEDUPS);
    static final String RECEIVER = "receiver";
    static final int KEYS = 3;
    static final String CAUSE = CutWriter.text("cause");
    static final String NOTE = CutWriter.text("note");
    static final String REASON = "reason ".repeat(100);
    private static final int BATCH = 3;

    private final Session session;
    private final Session receiver;

    CutTasks(Session session, Session receiver) {
        this.session = session;
        this.receiver = receiver;
    }

    void start() {
        CutWriter.repeat(number -> add(session.queue(WORK), task("a" + number)));
        CutWriter.repeat(number -> add(session.queue(WORK), task("b" + number)));
        CutWriter.repeat(number -> addTogether(session.queue(WORK), number));
        CutWriter.repeat(number -> end(session.queue(WORK), number));
        CutWriter.repeat(number -> add(session.queue(LINES), task("l" + number).orderingKey(key(number))));
        CutWriter.repeat(number -> end(session.queue(LINES), number));
        CutWriter.repeat(number -> end(session.queue(LINES), number));
        CutWriter.repeat(number -> addChain(session.queue(CHAINS), number));
        CutWriter.repeat(number -> completeNext(session.queue(CHAINS)));
        CutWriter.repeat(number -> {
            add(session.queue(RESULTS), task("r" + number));
            completeNext(session.queue(RESULTS));
        });
        CutWriter.repeat(number -> cancel(session.queue(CANCELS), number));
        CutWriter.repeat(number -> redrive(session.queue(REDRIVES), number));
        CutWriter.repeat(number -> handOff(session.queue(HANDOFFS), number));
        CutWriter.repeat(number -> addOnce(session.queue(DEDUPS), number));
    }

    static NewTask task(String id) {
        return NewTask.of(CutWriter.text(id)).id(new TaskId(id));
    }

    static String key(int number) {
        return "k" + number % KEYS;
    }

    /** What its tasks are completed with: in one queue more than goes into the log. */
    static String result(String queue) {
        return CutWriter.text(queue.equals(RESULTS) ? "result50" : "result");
    }

    private static void say(String what, TaskId task, TaskQueue queue) {
        CutWriter.say(what + " " + task + " " + queue.name());
    }

    private static void add(TaskQueue queue, NewTask task) {
        say("added", queue.enqueue(task).id(), queue);
    }

    private static void addTogether(TaskQueue queue, int number) {
        queue.enqueueAll(IntStream.range(0, BATCH)
                        .mapToObj(i -> task("c" + number + "." + i))
                        .toList())
                .forEach(task -> say("added", task.id(), queue));
    }

    /** Each depends on one of its own, and on that of the one before. */
    private static void addChain(TaskQueue queue, int number) {
        TaskId own = new TaskId("x" + number);
        add(queue, task(own.text()));
        Set<TaskId> needed = number == 1 ? Set.of(own) : Set.of(own, new TaskId("x" + (number - 1)));
        add(queue, task("y" + number).dependsOn(needed));
    }

    private static void end(TaskQueue queue, int number) throws InterruptedException {
        Claim claim = queue.claim(Wait.forever());
        if (number % 7 == 0) {
            claim.fail(CAUSE, Retry.never());
            say("dead", claim.task().id(), queue);
        } else if (number % 5 == 0) {
            claim.fail(CAUSE, Retry.after(Duration.ZERO));
        } else {
            complete(claim, queue);
        }
    }

    private static void completeNext(TaskQueue queue) throws InterruptedException {
        complete(queue.claim(Wait.forever()), queue);
    }

    private static void complete(Claim claim, TaskQueue queue) {
        claim.complete(result(queue.name()));
        say("done", claim.task().id(), queue);
    }

    /** One that is ready, is claimed, is dead, or has another that depends on it. */
    private static void cancel(TaskQueue queue, int number) throws InterruptedException {
        TaskId task = new TaskId("s" + number);
        TaskId next = new TaskId("t" + number);
        queue.enqueue(task(task.text()));
        switch (number % 4) {
            case 0 -> queue.claim(Wait.forever());
            case 1 -> queue.claim(Wait.forever()).fail(CAUSE, Retry.never());
            case 2 -> queue.enqueue(task(next.text()).dependsOn(Set.of(task)));
            default -> {}
        }
        queue.control().cancel(task, REASON);
        say("cancelled", task, queue);
        if (number % 4 == 2) {
            say("cancelled", next, queue);
        }
    }

    /** Some wait a while in their line after it, some are done. */
    private static void redrive(TaskQueue queue, int number) throws InterruptedException {
        add(queue, task("d" + number).orderingKey(key(number)));
        if (number % 2 == 0) {
            completeNext(queue);
            return;
        }
        Claim claim = queue.claim(Wait.forever());
        claim.fail(CAUSE, Retry.never());
        queue.control().redrive(claim.task().id());
        say("redriven", claim.task().id(), queue);
    }

    private void handOff(TaskQueue queue, int number) throws InterruptedException {
        add(queue, task("h" + number));
        Claim claim = queue.claim(Wait.forever());
        claim.handoff(Recipient.agent(RECEIVER), NOTE);
        say("handed", claim.task().id(), queue);
        if (number % 2 == 0) {
            completeNext(receiver.queue(queue.name()));
        }
    }

    private static void addOnce(TaskQueue queue, int number) throws InterruptedException {
        String key = key(number);
        TaskId there = queue.enqueue(task("e" + number).dedupKey(key)).id();
        CutWriter.say("same " + key + " " + there + " " + queue.name());
        if (number % 2 == 0) {
            completeNext(queue);
        }
    }
}
