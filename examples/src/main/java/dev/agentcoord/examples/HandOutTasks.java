package dev.agentcoord.examples;

import dev.agentcoord.Claim;
import dev.agentcoord.Coordinator;
import dev.agentcoord.NewTask;
import dev.agentcoord.Participant;
import dev.agentcoord.Retry;
import dev.agentcoord.Session;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.TaskState;
import dev.agentcoord.Wait;
import dev.agentcoord.fs.FsCoordinator;
import java.nio.file.Path;
import java.time.Duration;

/** A lead enqueues work, a worker claims it: one task is done, one fails for good and keeps its cause. */
public final class HandOutTasks {
    private HandOutTasks() {}

    /** Runs the example on the store directory given as the only argument. */
    public static void main(String[] args) throws InterruptedException {
        try (Coordinator space = FsCoordinator.open(Path.of(args[0]), "web-shop");
                Session lead = space.join(Participant.named("lead"));
                Session worker = space.join(Participant.named("worker"))) {
            lead.queue("work").enqueue(NewTask.of("rename field").priority(1));
            lead.queue("work").enqueue(NewTask.of("solve the halting problem"));

            TaskQueue work = worker.queue("work");
            Claim first = work.claim(Wait.upTo(Duration.ofSeconds(10)));
            System.out.println("claimed: " + first.task().payloadText());
            first.complete("merged as 1a2b3c");

            Claim second = work.claim(Wait.upTo(Duration.ofSeconds(10)));
            second.fail("proved impossible", Retry.never());
            work.list(TaskState.DEAD, 10)
                    .forEach(task -> System.out.println("dead: " + task.payloadText() + ", " + task.outcome()));
            System.out.println("done: " + work.depth().get(TaskState.DONE));
        }
    }
}
