package dev.agentcoord.harness;

import dev.agentcoord.Claim;
import dev.agentcoord.Session;
import dev.agentcoord.Wait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Enqueues tasks, claims them, keeps up to two of them a while, and finishes them in every way. For some seconds all agents enqueue more
 * than they claim, then less, so that the queues are long at times and empty at others.
 */
final class QueueWork implements Work {
    private static final long TIDE = TimeUnit.SECONDS.toNanos(3);
    /** Agents that enqueue within the same time race for one name. */
    private static final long RACE = TimeUnit.MILLISECONDS.toNanos(50);

    private static final int MOST = 2;

    private final QueueCalls calls;
    private final String name;
    private final Random random;
    private final List<Held> held = new ArrayList<>();
    private int tasks;

    QueueWork(Session session, Recorder record, AgentArguments arguments) {
        this.calls = new QueueCalls(session, record, new Tasks(arguments.seed()));
        this.name = arguments.name();
        this.random = arguments.random("queue");
    }

    /** A task that was claimed. */
    private record Held(String queue, Claim claim) {}

    @Override
    public void once() throws InterruptedException {
        if (!held.isEmpty() && random.nextInt(MOST + 1) < held.size()) {
            finish(held.remove(random.nextInt(held.size())));
        } else if (held.size() < MOST && random.nextInt(100) >= shareOfEnqueues()) {
            claim();
        } else {
            calls.enqueue(anyQueue(), nextId());
        }
    }

    private static int shareOfEnqueues() {
        return System.nanoTime() / TIDE % 2 == 0 ? 60 : 35;
    }

    private String anyQueue() {
        return Tasks.QUEUES.get(random.nextInt(Tasks.QUEUES.size()));
    }

    /** Mostly a new one; at times the latest again, or one that others enqueue as well. */
    private String nextId() {
        int kind = random.nextInt(20);
        if (kind == 0) {
            return "shared-" + System.nanoTime() / RACE;
        }
        tasks += kind == 1 ? 0 : 1;
        return name + "." + tasks;
    }

    private void claim() throws InterruptedException {
        String queue = anyQueue();
        Wait wait = random.nextInt(4) == 0 ? Wait.upTo(Duration.ofMillis(30)) : Wait.none();
        calls.claim(queue, wait).ifPresent(claim -> held.add(new Held(queue, claim)));
    }

    private void finish(Held task) {
        int kind = random.nextInt(20);
        if (kind < 13) {
            calls.complete(task.queue, task.claim);
        } else if (kind < 16) {
            calls.fail(task.queue, task.claim, someTime());
        } else if (kind < 17) {
            calls.bury(task.queue, task.claim);
        } else {
            calls.release(task.queue, task.claim, someTime());
        }
        if (random.nextInt(20) == 0) {
            calls.complete(task.queue, task.claim);
        }
    }

    private Duration someTime() {
        return random.nextInt(2) == 0 ? Duration.ZERO : Duration.ofMillis(random.nextInt(100));
    }
}
