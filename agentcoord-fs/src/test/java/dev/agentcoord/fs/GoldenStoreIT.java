package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.Claim;
import dev.agentcoord.Coordinator;
import dev.agentcoord.FencingToken;
import dev.agentcoord.Grant;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.NewTask;
import dev.agentcoord.Participant;
import dev.agentcoord.ProcessId;
import dev.agentcoord.Session;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.TaskState;
import dev.agentcoord.Versioned;
import dev.agentcoord.Wait;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.TicketName;
import dev.agentcoord.core.record.Json;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that format 1 wrote, kept as it was: every later version reads it. {@link GoldenStore} made it. */
final class GoldenStoreIT {
    private static final long INCARNATION = 1_795_622_946_045L;
    private static final long LAST_POSITION = 76;

    @TempDir
    private Path dir;

    private Layout layout;

    @BeforeEach
    void copyTheStore() throws IOException, URISyntaxException {
        Path golden = Path.of(Objects.requireNonNull(GoldenStoreIT.class.getResource("/golden/format-1"))
                .toURI());
        layout = new Layout(dir.resolve("store"), GoldenStore.SPACE);
        makeDirectories();
        List<Path> files;
        try (var paths = Files.walk(golden)) {
            files = paths.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            Path copy = layout.root().resolve(golden.relativize(file).toString());
            if (file.endsWith("order.txt")) {
                Disk.create(layout.order(), GoldenStore.order(Files.readAllLines(file)), Layout.SHARED_FILE);
            } else if (file.endsWith(GoldenStore.LINKS)) {
                for (String line : Files.readAllLines(file)) {
                    String[] words = line.split(" ", 2);
                    Path link = layout.root().resolve(words[0]);
                    makeShared(Objects.requireNonNull(link.getParent()));
                    Files.createSymbolicLink(link, Path.of(words[1]));
                }
            } else {
                makeShared(Objects.requireNonNull(copy.getParent()));
                Disk.create(copy, asOfThisUser(Files.readAllBytes(file)), Layout.RECORD);
            }
        }
    }

    private void makeDirectories() throws IOException {
        for (Path owned : List.of(
                layout.root(), layout.home(), layout.sessions(), layout.locks(), layout.thefts(), layout.tmp())) {
            Disk.mkdir(owned, Layout.OWNED_DIR);
        }
        for (Path shared : List.of(layout.taskLocks(), layout.queues(), layout.state())) {
            Disk.mkdir(shared, Layout.SHARED_DIR);
        }
        new QueueLayout(layout.queues().resolve("work")).make();
    }

    private static void makeShared(Path path) throws IOException {
        if (!Files.exists(path)) {
            makeShared(Objects.requireNonNull(path.getParent()));
            Disk.mkdir(path, Layout.SHARED_DIR);
        }
    }

    /** A record counts only if it belongs to the user it names. */
    private byte[] asOfThisUser(byte[] content) throws IOException {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        String user = Files.getOwner(layout.root()).getName();
        return text.replace("\"developer\":\"root\"", "\"developer\":\"" + user + "\"")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void itsSessionsAreReadAsTheyWereWritten() throws IOException {
        List<SessionDirectory.Known> all = new SessionDirectory(layout).all();
        assertThat(all).extracting(known -> known.record().position()).containsExactly(1L, 2L);
        SessionRecord alice = all.get(0).record();
        Participant who = alice.info().participant();
        assertThat(who.agent()).isEqualTo("alice");
        assertThat(who.role()).isEqualTo("lead");
        assertThat(who.tmuxTarget()).isEqualTo("dev:1.2");
        assertThat(who.capabilities()).isEqualTo(Set.of("java", "review"));
        assertThat(who.labels()).isEqualTo(Map.of("team", "blue"));
        assertThat(who.processes()).hasSize(2).contains(new ProcessId(1, 2));
        assertThat(alice.info().protocol()).isEqualTo(1);
        assertThat(alice.ttl()).isZero();
        assertThat(alice.bell()).endsWith(alice.id().text() + ".sock");
    }

    @Test
    void itsTicketsAreReadAsTheyWereWritten() throws IOException {
        TicketFiles files = new TicketFiles(layout, new SessionDirectory(layout));
        List<Ticket> tickets = new ArrayList<>();
        for (String name : files.list()) {
            Ticket ticket = Objects.requireNonNull(files.read(name));
            assertThat(files.nameOf(ticket)).isEqualTo(name);
            tickets.add(ticket);
        }
        tickets.sort(Comparator.naturalOrder());
        assertThat(tickets).extracting(Ticket::position).containsExactly(3L, 4L, 6L);
        assertThat(tickets)
                .extracting(Ticket::wants)
                .containsExactly(
                        GoldenStore.everyKind(),
                        GoldenStore.tooLongForAName(),
                        LockRequest.shared(Item.file("README.md")).reason("read"));
        assertThat(tickets.get(0).wants().reason()).isEqualTo("TASK-42 rename ✓");
        assertThat(TicketName.needsBody(files.nameOf(tickets.get(1)))).isTrue();
    }

    @Test
    void itsMarkOfATheftIsRead() throws IOException {
        Path mark = new SessionDirectory(layout)
                .mark(new SessionDirectory(layout).all().get(1).record().id(), 5);
        Json.Fields fields = Json.read(mark, Files.readAllBytes(mark));
        assertThat(fields.number("ticket")).isEqualTo(5);
        assertThat(fields.text("agent")).isEqualTo("alice");
        assertThat(fields.text("reason")).isEqualTo("it stands still");
    }

    @Test
    void itsChangesAndCountersAreRead() throws IOException {
        OrderFile order = new OrderFile(layout.order());
        List<OrderFile.Entry> entries = Objects.requireNonNull(order.after(0));
        assertThat(entries)
                .extracting(entry -> entry.change().kind())
                .contains(
                        Change.Kind.NONE,
                        Change.Kind.SESSION_JOINED,
                        Change.Kind.TICKET_ADDED,
                        Change.Kind.TICKET_REMOVED,
                        Change.Kind.QUEUE,
                        Change.Kind.STATE);
        assertThat(Objects.requireNonNull(order.latest())).isEqualTo(entries.get(entries.size() - 1));
        OrderFile.Reservation reservation = Objects.requireNonNull(order.reservation());
        assertThat(reservation.ceiling()).isEqualTo(Turn.RESERVE);
        order.channel().close();
    }

    @Test
    void itsTasksAndValuesAreThereAndItsLocksAreVoid() throws InterruptedException {
        try (Coordinator coordinator = FsCoordinator.open(layout.root(), layout.space());
                Session session = coordinator.join(Participant.named("later"))) {
            assertThat(coordinator.locks()).isEmpty();
            try (Grant grant = session.locks().acquire(GoldenStore.everyKind(), Wait.none())) {
                FencingToken token = grant.token();
                assertThat(token.incarnation()).isEqualTo(INCARNATION);
                assertThat(token.position()).isGreaterThan(LAST_POSITION);
            }
            assertTasks(session.queue("work"));
            assertThat(value(session, "config/port").value()).asString().isEqualTo("8080");
            assertThat(value(session, "fence/src%20a").value()).containsExactly(0, 1, 2, -1);
            assertThat(session.state().get("gone")).isEmpty();
            assertThat(session.state().put("gone", new byte[0])).isGreaterThan(LAST_POSITION);
        }
    }

    private static void assertTasks(TaskQueue queue) throws InterruptedException {
        assertThat(task(queue, "done").state()).isEqualTo(TaskState.DONE);
        assertThat(task(queue, "done").outcome()).isEqualTo("renamed");
        assertThat(task(queue, "dead").state()).isEqualTo(TaskState.DEAD);
        assertThat(task(queue, "dead").outcome()).isEqualTo("it exploded");
        assertThat(task(queue, "retried").state()).isEqualTo(TaskState.SCHEDULED);
        assertThat(task(queue, "retried").attempt()).isEqualTo(1);
        assertThat(task(queue, "scheduled").state()).isEqualTo(TaskState.SCHEDULED);
        TaskInfo ready = task(queue, "ready");
        assertThat(ready.priority()).isEqualTo(3);
        assertThat(ready.maxAttempts()).isEqualTo(7);
        assertThat(ready.headers()).isEqualTo(Map.of("branch", "task/ünï"));
        assertThat(task(queue, "second").state()).isEqualTo(TaskState.BLOCKED);
        assertThat(task(queue, "dependent").state()).isEqualTo(TaskState.BLOCKED);
        assertThat(task(queue, "routed").asEnqueued().capabilities()).containsExactly("review");
        assertThat(task(queue, "routed").asEnqueued().target()).contains("carol");
        assertThat(queue.enqueue(NewTask.of("again").dedupKey("review/1")).id().text())
                .isEqualTo("routed");
        assertThat(task(queue, "cancelled").outcome()).isEqualTo("not needed any more");
        assertThat(queue.control().settings().maxDepth()).isEqualTo(5_000);
        Claim again = queue.claim(Wait.none());
        assertThat(again.task().id().text()).as("its claimer is dead").isEqualTo("claimed");
        assertThat(again.task().attempt()).isEqualTo(2);
        assertThat(queue.claim(Wait.none()).task().id().text()).isEqualTo("ready");
        queue.claim(Wait.none()).complete("deployed");
        assertThat(task(queue, "second").state()).isEqualTo(TaskState.READY);
        assertThat(queue.history(new TaskId("dead")))
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.agent()).isEqualTo("bob"));
    }

    private static TaskInfo task(TaskQueue queue, String id) {
        return queue.find(new TaskId(id)).orElseThrow();
    }

    private static Versioned value(Session session, String key) {
        return session.state().get(key).orElseThrow();
    }
}
