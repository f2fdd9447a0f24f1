package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.NewTask;
import dev.agentcoord.Participant;
import dev.agentcoord.StoreUnavailableException;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.Verdict;
import dev.agentcoord.spi.Placement;
import dev.agentcoord.spi.TaskStore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a process that dies inside the section leaves: an announced change whose name was not touched. */
final class CrashRepairIT extends JoinedSpace {
    private static final LockRequest A = LockRequest.exclusive(Item.file("a"));
    private static final TaskId SECOND = new TaskId("second");

    @Test
    void aTicketThatWasAnnouncedButNeverMadeBlocksNobody() throws IOException {
        Ticket dead = new Ticket(0, 0, Owner.session(session.info().id()), 99, A, Instant.EPOCH);
        dieInside(turn -> {
            Ticket ticket = new Ticket(turn.nextPosition(), 0, dead.owner(), 99, A, Instant.EPOCH);
            turn.announce(Change.Kind.TICKET_ADDED, space.files().nameOf(ticket));
        });
        assertThat(backend.tickets()).isEmpty();
        try (PeerProcess peer = new PeerProcess(dir, "web")) {
            assertThat(peer.tryLock("a")).isTrue();
        }
    }

    @Test
    void aTicketWhoseEndWasAnnouncedButThatIsStillThereStillBlocks() throws IOException {
        Placement placed = lock();
        try (PeerProcess peer = new PeerProcess(dir, "web")) {
            assertThat(peer.tryLock("a")).isFalse();
            assertThat(peer.ask("unlock a")).isEqualTo("true");
            dieInside(turn ->
                    turn.announce(Change.Kind.TICKET_REMOVED, space.files().nameOf(placed.ticket())));
            assertThat(peer.tryLock("a")).isFalse();
        }
        assertThat(session.tickets().lossOf(placed.ticket())).isNull();
        assertThat(session.tickets().decide(placed.ticket())).isInstanceOf(Verdict.Granted.class);
        assertThat(session.tickets().remove(placed.ticket())).isTrue();
    }

    @Test
    void aTicketWhoseEndWasAnnouncedStillBlocksWhenSomethingElseIsAnnouncedAfterwards() throws IOException {
        try (PeerProcess peer = new PeerProcess(dir, "web")) {
            Placement placed = lock();
            assertThat(peer.tryLock("a")).isFalse();
            assertThat(peer.ask("unlock a")).isEqualTo("true");
            dieInside(turn ->
                    turn.announce(Change.Kind.TICKET_REMOVED, space.files().nameOf(placed.ticket())));
            backend.join(Participant.named("newcomer"), new Peer.Silent());
            assertThat(peer.tryLock("a")).isFalse();
            assertThat(session.tickets().lossOf(placed.ticket())).isNull();
        }
    }

    @Test
    void aTicketThatSomebodyHostileAnnouncesAsRemovedStillBlocksAsLongAsItIsThere() throws IOException {
        try (PeerProcess peer = new PeerProcess(dir, "web")) {
            Placement placed = lock();
            assertThat(peer.tryLock("a")).isFalse();
            assertThat(peer.ask("unlock a")).isEqualTo("true");
            String name = space.files().nameOf(placed.ticket());
            announce(new Change(Change.Kind.TICKET_REMOVED, name), new Change(Change.Kind.NONE, ""));
            assertThat(peer.tryLock("a")).isFalse();
            assertThat(peer.ask("unlock a")).isEqualTo("true");
            announce(new Change(Change.Kind.TICKET_REMOVED, name.substring(0, 17) + "other"));
            assertThat(peer.tryLock("a")).isFalse();
        }
    }

    /** As a failing disk leaves it, or somebody hostile. */
    @Test
    void aTicketWhoseAnnouncementHasBecomeUnreadableStillBlocksAndItsPositionIsNotGivenOutAgain() throws IOException {
        try (PeerProcess peer = new PeerProcess(dir, "web")) {
            assertThat(peer.tryLock("a")).isTrue();
            damageLatestChange();
            Placement waiting = place(A, true);
            assertThat(waiting.verdict()).isInstanceOf(Verdict.Blocked.class);
            assertThat(peer.tryLock("b")).isTrue();
            assertThat(backend.tickets())
                    .extracting(Ticket::position)
                    .doesNotHaveDuplicates()
                    .hasSize(3);
            assertThat(peer.ask("unlock a")).isEqualTo("true");
            assertThat(session.tickets().decide(waiting.ticket())).isInstanceOf(Verdict.Granted.class);
        }
    }

    private void damageLatestChange() throws IOException {
        Path path = space.layout().order();
        OrderFile order = new OrderFile(path);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            long number = Objects.requireNonNull(order.latest()).number();
            file.seek(OrderFile.SIZE - (OrderFile.RING - number % OrderFile.RING) * 512 + Long.BYTES);
            file.writeLong(77);
        } finally {
            order.close();
        }
    }

    @Test
    void whatNoNameCanBeLikeIsAnnouncedInVain() throws IOException {
        String number = "00000000000000a1~";
        List<String> tickets = List.of(
                "junk",
                number + "x".repeat(300),
                number + "nul\0",
                number + "a/b",
                "tasks/" + number + "x".repeat(300),
                "../order/" + number);
        String move = "work/t 00000000000000a1 new>";
        List<String> moves = List.of(
                move + "counts/" + number,
                move + "x".repeat(300) + "/" + number,
                move + "new/" + number + "x".repeat(300));
        queueOfTwo();
        try (PeerProcess peer = new PeerProcess(dir, "web")) {
            for (String ticket : tickets) {
                announce(new Change(Change.Kind.TICKET_ADDED, ticket));
                assertThat(peer.tryLock("b")).isTrue();
                announce(new Change(Change.Kind.TICKET_REMOVED, ticket));
                assertThat(peer.ask("unlock b")).isEqualTo("true");
            }
            for (String text : moves) {
                announce(new Change(Change.Kind.QUEUE, text));
                assertThat(peer.tryLock("b")).isTrue();
                assertThat(peer.ask("unlock b")).isEqualTo("true");
            }
        }
        assertThat(session.tasks("work").claim()).isPresent();
    }

    private void announce(Change... changes) {
        space.section().run(turn -> {
            for (Change change : changes) {
                turn.announce(change.kind(), change.name());
            }
            return changes;
        });
    }

    @Test
    void aTaskWhoseClaimWasAnnouncedButNotMadeIsStillReady() throws IOException {
        TaskStore queue = queueOfTwo();
        dieInside(turn -> turn.announce(Change.Kind.QUEUE, claimOfSecond()));
        assertThat(queue.claim().orElseThrow().task().id()).isEqualTo(SECOND);
    }

    @Test
    void aTaskWhoseClaimWasAnnouncedIsStillReadyWhenSomethingElseIsAnnouncedAfterwards() throws IOException {
        TaskStore queue = queueOfTwo();
        dieInside(turn -> turn.announce(Change.Kind.QUEUE, claimOfSecond()));
        backend.join(Participant.named("newcomer"), new Peer.Silent());
        lock();
        assertThat(queue.claim().orElseThrow().task().id()).isEqualTo(SECOND);
    }

    /** The first is claimed, so what the process remembers of the others is known to it without a look at the disk. */
    private TaskStore queueOfTwo() {
        TaskStore queue = session.tasks("work");
        queue.enqueue(List.of(NewTask.of("1"), NewTask.of("2").id(SECOND)));
        assertThat(queue.claim()).isPresent();
        return queue;
    }

    private String claimOfSecond() throws IOException {
        QueueLayout layout = new QueueLayout(space.layout().queues().resolve("work"));
        Path bucket = new TaskWalk(layout).buckets(TaskState.READY).get(0);
        String name = Disk.list(bucket)[0];
        String from = layout.home().relativize(bucket).toString();
        String claimed = name + "~" + session.info().id();
        return new Move("work", SECOND.text(), name.substring(0, 16), from, "claimed", claimed, false).text();
    }

    @Test
    void aTicketThatCannotBeMadeLeavesNothingBehind() throws IOException {
        Path locks = space.layout().locks();
        Path aside = Files.move(locks, locks.resolveSibling("aside"));
        assertThatThrownBy(this::lock).isInstanceOf(StoreUnavailableException.class);
        Files.move(aside, locks);
        assertThat(backend.tickets()).isEmpty();
        assertThat(lock().verdict()).isInstanceOf(Verdict.Granted.class);
    }

    private Placement lock() {
        return place(A, true);
    }

    /** Something that announces. */
    private interface Announcement {
        void run(Turn turn) throws IOException;
    }

    private void dieInside(Announcement announcement) {
        assertThatThrownBy(() -> space.section().run(turn -> {
                    space.book().all(turn);
                    announcement.run(turn);
                    throw new IOException("killed");
                }))
                .hasMessageContaining("killed");
    }
}
