package dev.agentcoord.harness;

import dev.agentcoord.NewTask;
import dev.agentcoord.TaskId;
import dev.agentcoord.harness.history.tasks.TaskSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** What a task of a run is like follows from its name, in each process of the run. */
final class Tasks {
    /** The queues of a run. */
    static final List<String> QUEUES = List.of("build", "review");

    private final long seed;

    Tasks(long seed) {
        this.seed = seed;
    }

    /** One that a checker compares with. */
    TaskSpec spec(String queue, String id) {
        Random random = new Random(seed * 31 + (queue + "/" + id).hashCode());
        int priority = random.nextInt(4) * 3;
        int maxAttempts = 1 + random.nextInt(5);
        long millis = random.nextInt(6) == 0 ? random.nextInt(200) : 0;
        return new TaskSpec(
                queue, id, priority, maxAttempts, Duration.ofMillis(millis).toNanos(), Optional.empty());
    }

    /** The same one as it is enqueued. */
    NewTask task(String queue, String id) {
        TaskSpec spec = spec(queue, id);
        return NewTask.of("work for " + spec)
                .id(new TaskId(id))
                .priority(spec.priority())
                .maxAttempts(spec.maxAttempts())
                .delay(Duration.ofNanos(spec.delay()));
    }
}
