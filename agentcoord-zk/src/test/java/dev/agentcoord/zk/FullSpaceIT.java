package dev.agentcoord.zk;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.LockRequest.exclusive;
import static dev.agentcoord.LockRequest.shared;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentcoord.Coordinator;
import dev.agentcoord.LimitExceededException;
import dev.agentcoord.LockRequest;
import dev.agentcoord.NewTask;
import dev.agentcoord.Participant;
import dev.agentcoord.QueueFullException;
import dev.agentcoord.QueueSettings;
import dev.agentcoord.Session;
import dev.agentcoord.SessionId;
import dev.agentcoord.SessionStatus;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskPage;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.Limits;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.engine.Engine;
import dev.agentcoord.ensemble.Ensemble;
import dev.agentcoord.ensemble.EnsembleServer;
import dev.agentcoord.ensemble.EnsembleSpec;
import dev.agentcoord.testkit.Campaign;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A space as full as it may be: no answer of the servers comes near to what breaks the connection, as they count it themselves. */
final class FullSpaceIT {
    /** What ZooKeeper puts into one packet unless it is told otherwise (jute.maxbuffer). */
    private static final int PACKET = 0xfffff;

    private static final int TASKS = Campaign.size(2_000, 80_000);
    private static final int HOLDERS = Campaign.size(1, Limits.TICKETS_PER_SPACE / Limits.TICKETS_PER_SESSION);
    /** So that a busy machine is not taken for what a long list does. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String LONG = "x".repeat(64_000);

    private static Ensemble ensemble;

    private final String space = "full-" + UUID.randomUUID();
    private final List<SessionStatus> told = new CopyOnWriteArrayList<>();
    private ZkBackend backend;
    private Coordinator coordinator;

    @BeforeAll
    static void start() {
        // All znodes are in its memory, and tens of thousands of tasks take more than other tests need.
        ensemble = Ensemble.start(EnsembleSpec.of(1).tick(Duration.ofSeconds(2)).jvm("-Xmx768m"));
    }

    @AfterAll
    static void stop() {
        ensemble.close();
    }

    @BeforeEach
    void open() {
        backend = Zk.open(
                ZkOptions.of(ensemble.connect(), space).withTtl(PATIENCE).withTimeout(PATIENCE));
        coordinator = Engine.over(backend, TimeSource.system());
        ensemble.leader().ask("srst");
    }

    @AfterEach
    void close() {
        coordinator.close();
    }

    @Test
    void a_space_full_of_tickets_refuses_one_more_and_its_list_is_one_packet() throws Exception {
        int real = HOLDERS * Limits.TICKETS_PER_SESSION;
        for (int i = 0; i < HOLDERS; i++) {
            Session holder = join("holder-" + i);
            for (int k = 0; k < Limits.TICKETS_PER_SESSION; k++) {
                assertThat(holder.locks().tryAcquire(longest(i * Limits.TICKETS_PER_SESSION + k)))
                        .isPresent();
            }
            assertThatExceptionOfType(LimitExceededException.class)
                    .isThrownBy(() -> holder.locks().tryAcquire(longest(9_999)));
        }
        plant(real, Limits.TICKETS_PER_SPACE - real);
        Session late = join("late");

        for (int i = 0; i < 3; i++) {
            assertThatExceptionOfType(LimitExceededException.class)
                    .isThrownBy(() -> late.locks().tryAcquire(exclusive(file("one/more"))))
                    .withMessageContaining("4096");
        }
        assertThat(backend.tickets().size()).isEqualTo(Limits.TICKETS_PER_SPACE);
        report("tickets", Limits.TICKETS_PER_SPACE + " tickets, " + real + " of them of " + HOLDERS + " sessions");
    }

    @Test
    void a_queue_full_of_tasks_refuses_one_more_and_is_listed_counted_and_claimed_from() {
        Session alice = join("alice");
        TaskQueue queue = alice.queue("work");
        queue.control().configure(QueueSettings.defaults().maxDepth(TASKS));
        for (int i = 0; i < TASKS; i += Limits.BATCH) {
            queue.enqueueAll(IntStream.range(0, Limits.BATCH)
                    .mapToObj(n -> NewTask.of("task").priority(n % 10))
                    .toList());
        }

        for (int i = 0; i < 3; i++) {
            assertThatExceptionOfType(QueueFullException.class).isThrownBy(() -> queue.enqueue(NewTask.of("more")));
        }
        assertThat(queue.status().pending()).isEqualTo(TASKS);
        TaskPage first = queue.list(TaskState.READY, "", Limits.PAGE);
        TaskPage second = queue.list(TaskState.READY, first.next().orElseThrow(), Limits.PAGE);
        assertThat(first.tasks()).hasSize(Limits.PAGE).doesNotContainAnyElementsOf(second.tasks());
        for (int i = 0; i < 50; i++) {
            queue.tryClaim().orElseThrow().complete("done");
        }
        assertThat(queue.depth()).containsEntry(TaskState.READY, TASKS - 50).containsEntry(TaskState.DONE, 50);
        report("tasks", TASKS + " tasks queued, 50 done");
    }

    @Test
    void a_page_of_the_largest_tasks_there_can_be_takes_several_packets() {
        TaskQueue queue = join("alice").queue("work");
        String headers = "\n".repeat(Limits.VALUE_BYTES - 100);
        for (int i = 0; i < 8; i++) {
            queue.enqueue(NewTask.of(new byte[Limits.VALUE_BYTES]).headers(Map.of("h", headers)));
            queue.tryClaim().orElseThrow().complete(LONG);
        }

        List<TaskInfo> done = queue.list(TaskState.DONE, Limits.PAGE);

        assertThat(done.size()).isEqualTo(8);
        assertThat(done)
                .allSatisfy(
                        task -> assertThat(task.headers().getOrDefault("h", "").length())
                                .isEqualTo(headers.length()));
        report("largest tasks", "8 with all of the largest");
    }

    @Test
    void more_recipients_than_a_queue_can_have_are_a_typed_error_and_the_queue_goes_on() {
        Session alice = join("alice");
        TaskQueue queue = alice.queue("work");
        queue.enqueue(NewTask.of("for anyone"));

        assertThatExceptionOfType(LimitExceededException.class)
                .isThrownBy(() -> {
                    for (int i = 0; ; i += 100) {
                        queue.enqueueAll(IntStream.range(i, i + 100)
                                .mapToObj(n -> NewTask.of("mail").requires(words(n)))
                                .toList());
                    }
                })
                .withMessageContaining("recipients");

        assertThat(queue.tryClaim()).isPresent();
        report("recipients", "as many as a queue takes");
    }

    private void report(String what, String size) {
        EnsembleServer server = ensemble.leader();
        long largest = server.figure("zk_max_client_response_size");
        Campaign.report("full space, " + what, size + ": largest answer " + largest + " bytes of " + PACKET);
        assertThat(largest).isBetween(1L, (long) PACKET);
        assertThat(told).as("nobody lost its connection").isEmpty();
    }

    /** As many and long as they may be. */
    private static Set<String> words(int number) {
        return IntStream.range(0, Limits.CAPABILITIES)
                .mapToObj(i -> "c".repeat(50) + "-" + i + "-" + number)
                .collect(Collectors.toSet());
    }

    /** One whose name is as long as a name may be. */
    private static LockRequest longest(int number) {
        return shared(file(String.format("deep/down/%0140d", number)));
    }

    /** More of them, as sessions that have gone since might have left them. */
    private void plant(int from, int count) throws Exception {
        try (RawClient raw = new RawClient(ensemble.connect())) {
            List<String> paths = new ArrayList<>();
            for (int i = from; i < from + count; i++) {
                SessionId nobody = SessionId.random();
                paths.add("/agentcoord/" + space + "/locks/" + TicketNode.prefix(longest(i), nobody, i)
                        + String.format("%010d", i));
            }
            raw.createEach(paths);
        }
    }

    private Session join(String agent) {
        Session session = coordinator.join(Participant.named(agent));
        session.onStatus(told::add);
        return session;
    }
}
