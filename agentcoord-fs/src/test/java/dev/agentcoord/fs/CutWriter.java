package dev.agentcoord.fs;

import dev.agentcoord.Claim;
import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.NewTask;
import dev.agentcoord.Participant;
import dev.agentcoord.Retry;
import dev.agentcoord.Session;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.Wait;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A process that writes without end until its power is cut, several threads at once, and says each thing only after it was promised to
 * last: {@code added ID}, {@code done ID}, {@code dead ID}, {@code put KEY NUMBER}, {@code granted POSITION}.
 */
final class CutWriter {
    static final String QUEUE = "work";
    static final int KEYS = 5;
    private static final int REPEATS = 200;
    private static final int LONG = 20_000;
    private static final int BATCH = 3;

    private CutWriter() {}

    /** One thing done again and again. */
    private interface Work {
        void once(int number) throws InterruptedException;
    }

    public static void main(String[] args) {
        Coordinator coordinator = FsCoordinator.open(Path.of(args[0]), "cut");
        Session session = coordinator.join(Participant.named("writer"));
        TaskQueue queue = session.queue(QUEUE);
        System.out.println("ready");
        repeat(number -> add(queue, "a" + number));
        repeat(number -> add(queue, "b" + number));
        repeat(number -> addTogether(queue, number));
        repeat(number -> end(queue, number));
        repeat(number -> {
            put(session, "p", number);
            lock(session);
        });
        repeat(number -> put(session, "q", number));
        repeat(number -> put(session, "r", number));
    }

    private static void repeat(Work work) {
        new Thread(() -> {
                    try {
                        for (int number = 1; ; number++) {
                            work.once(number);
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                })
                .start();
    }

    private static void add(TaskQueue queue, String id) {
        queue.enqueue(NewTask.of(text(id)).id(new TaskId(id)));
        say("added " + id);
    }

    private static void addTogether(TaskQueue queue, int number) {
        List<String> ids =
                IntStream.range(0, BATCH).mapToObj(i -> "c" + number + "." + i).toList();
        queue.enqueueAll(
                ids.stream().map(id -> NewTask.of(text(id)).id(new TaskId(id))).toList());
        ids.forEach(id -> say("added " + id));
    }

    private static void end(TaskQueue queue, int number) throws InterruptedException {
        Claim claim = queue.claim(Wait.forever());
        if (number % 7 == 0) {
            claim.fail(text("cause"), Retry.never());
            say("dead " + claim.task().id());
        } else if (number % 5 == 0) {
            claim.fail(text("cause"), Retry.after(Duration.ZERO));
        } else {
            claim.complete(text("result"));
            say("done " + claim.task().id());
        }
    }

    private static void put(Session session, String thread, int number) {
        String key = thread + number % KEYS;
        session.state().put(key, text(String.valueOf(number)).getBytes(StandardCharsets.UTF_8));
        say("put " + key + " " + number);
    }

    private static void lock(Session session) throws InterruptedException {
        try (Grant grant = session.locks().acquire(LockRequest.exclusive(Item.file("a")), Wait.forever())) {
            say("granted " + grant.token().position());
        }
    }

    /** Long enough for a torn one to show, and now and then too long for a record of the log. */
    static String text(String word) {
        return (word + ' ').repeat(word.endsWith("50") ? LONG : REPEATS);
    }

    private static void say(String what) {
        synchronized (System.out) {
            System.out.println(what);
        }
    }
}
