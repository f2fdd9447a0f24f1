package dev.agentcoord.harness;

import dev.agentcoord.Claim;
import dev.agentcoord.Coordinator;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.SessionLostException;
import dev.agentcoord.StoreUnavailableException;
import dev.agentcoord.TaskState;
import dev.agentcoord.Wait;
import dev.agentcoord.harness.history.Call.Outcome;
import dev.agentcoord.harness.history.Life;
import dev.agentcoord.harness.history.tasks.TaskHistory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Once all agents have ended: completes what is left in the queues, then looks at every task there ever was. Writes it all down. */
final class Drain {
    /** Its own life. */
    static final Life LIFE = Life.ended("drain");

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Wait SHORT = Wait.upTo(Duration.ofMillis(300));

    private final Coordinator coordinator;
    private final Path file;
    private final Tasks tasks;

    /** Writes to a file as agents do. */
    Drain(Coordinator coordinator, Path file, Tasks tasks) {
        this.coordinator = coordinator;
        this.file = file;
        this.tasks = tasks;
    }

    /** Does it, for the tasks that a history names; returns how many tasks each queue then says it has. */
    Map<String, Integer> run(TaskHistory history) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (Recorder record = new Recorder(file)) {
            while (true) {
                try (Session session = coordinator.join(Participant.named(LIFE.name()))) {
                    return run(history, session, record, deadline);
                } catch (SessionLostException | StoreUnavailableException e) {
                    if (System.nanoTime() > deadline) {
                        throw e;
                    }
                    int close = record.begins(Recorder.Kind.SESSION, "close");
                    record.ended(Recorder.Kind.SESSION, close, System.nanoTime(), Outcome.LOST, "-");
                }
            }
        }
    }

    private Map<String, Integer> run(TaskHistory history, Session session, Recorder record, long deadline)
            throws InterruptedException {
        QueueCalls calls = new QueueCalls(session, record, tasks);
        for (String queue : Tasks.QUEUES) {
            while (session.queue(queue).status().pending() > 0 && System.nanoTime() < deadline) {
                completeAll(calls, queue);
            }
        }
        look(calls, history);
        Map<String, Integer> depths = new HashMap<>();
        for (String queue : Tasks.QUEUES) {
            depths.put(queue, sum(session.queue(queue).depth()));
        }
        return depths;
    }

    private static void completeAll(QueueCalls calls, String queue) throws InterruptedException {
        Optional<Claim> claim = calls.claim(queue, SHORT);
        while (claim.isPresent()) {
            calls.complete(queue, claim.get());
            claim = calls.claim(queue, SHORT);
        }
    }

    private static int sum(Map<TaskState, Integer> depth) {
        return depth.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static void look(QueueCalls calls, TaskHistory history) {
        Set<String> seen = new LinkedHashSet<>();
        history.enqueues().forEach(each -> {
            if (seen.add(each.task().toString())) {
                calls.look(each.task().queue(), each.task().id());
            }
        });
    }
}
