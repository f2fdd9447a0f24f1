package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.Coordinator;
import dev.agentcoord.NewTask;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.TaskState;
import dev.agentcoord.testkit.Campaign;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes add tasks and others work on them, and every so often one of them is killed, wherever it is, and another takes its place. */
final class KilledWorkersIT {
    private final int producers = Campaign.size(2, 8);
    private final int consumers = Campaign.size(2, 8);
    private final int tasks = Campaign.size(2_000, 100_000);
    private final int producerKills = Campaign.size(2, 50);
    private final int consumerKills = Campaign.size(4, 200);
    private final Random random = new Random(Campaign.seed());
    private final List<Worker> workers = new ArrayList<>();

    @TempDir
    private Path dir;

    private record Worker(Process process, String name, boolean isProducer) {}

    @AfterEach
    void end() {
        workers.forEach(worker -> worker.process.destroyForcibly());
    }

    @Test
    void everyAcknowledgedTaskIsDoneOnceAndInOrder() throws Exception {
        long begun = System.nanoTime();
        for (int i = 0; i < producers; i++) {
            start("producer" + i, true);
        }
        for (int i = 0; i < consumers; i++) {
            start("consumer" + i, false);
        }
        int left = producerKills + consumerKills;
        int producersLeft = producerKills;
        int killedConsumers = 0;
        while (left > 0) {
            LockSupport.parkNanos(Duration.ofMillis(100 + random.nextInt(Campaign.size(100, 1_500)))
                    .toNanos());
            workers.removeIf(worker -> worker.isProducer && !worker.process.isAlive());
            boolean producer = producersLeft > 0 && random.nextInt(left) < producersLeft;
            List<Worker> kind = workers.stream()
                    .filter(worker -> worker.isProducer == producer)
                    .toList();
            left--;
            producersLeft -= producer ? 1 : 0;
            if (!kind.isEmpty()) {
                Worker victim = kind.get(random.nextInt(kind.size()));
                workers.remove(victim);
                victim.process.destroyForcibly().waitFor();
                killedConsumers += producer ? 0 : 1;
                start(victim.name, producer);
            }
        }
        for (Worker worker : List.copyOf(workers)) {
            if (worker.isProducer) {
                assertThat(worker.process.waitFor(Campaign.size(2, 30), TimeUnit.MINUTES))
                        .isTrue();
                assertThat(worker.process.exitValue()).as(worker.name).isZero();
            }
        }
        try (Coordinator coordinator = FsCoordinator.open(dir.resolve("store"), QueueWorker.SPACE);
                Session session = coordinator.join(Participant.named("judge"))) {
            TaskQueue queue = session.queue(QueueWorker.QUEUE);
            await().atMost(Duration.ofMinutes(Campaign.size(2, 30)))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> queue.status().pending() == 0);
            Files.createFile(dir.resolve("stop"));
            for (Worker worker : workers) {
                assertThat(worker.process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            }
            judge(queue, killedConsumers, Duration.ofNanos(System.nanoTime() - begun));
        }
    }

    private void judge(TaskQueue queue, int killedConsumers, Duration took) throws IOException {
        QueueHistory history = new QueueHistory();
        try (var books = Files.newDirectoryStream(dir, "ledger-*")) {
            for (Path book : books) {
                history.read(book);
            }
        }
        assertThat(history.added()).hasSize(tasks / producers * producers);
        history.eachWasCompletedOnce();
        history.attemptsAreRight(killedConsumers);
        int compared = history.orderWasKept();
        for (String id : history.silent()) {
            // An id that is known makes no second task: what is answered is what became of the first.
            assertThat(queue.enqueue(NewTask.of("?").id(new TaskId(id))).state())
                    .isEqualTo(TaskState.DONE);
        }
        assertThat(queue.status().pending()).isZero();
        assertThat(queue.depth()).containsEntry(TaskState.DEAD, 0).containsEntry(TaskState.CANCELLED, 0);
        Campaign.report(
                "killed workers",
                history.added().size() + " tasks, " + producers + " producers, " + consumers + " consumers, "
                        + killedConsumers + " consumers and " + producerKills + " producers killed, " + compared
                        + " deliveries compared, " + history.redeliveries() + " again, "
                        + history.silent().size() + " completions not written down, " + took.toSeconds() + " s");
    }

    private void start(String name, boolean producer) throws IOException {
        List<String> command = ChildCommand.of(List.of(), QueueWorker.class, dir, name, random.nextInt());
        if (producer) {
            command.add(String.valueOf(tasks / producers));
        }
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .start();
        workers.add(new Worker(process, name, producer));
    }
}
