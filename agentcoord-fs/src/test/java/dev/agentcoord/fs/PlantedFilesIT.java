package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.NewTask;
import dev.agentcoord.SessionId;
import dev.agentcoord.TaskId;
import dev.agentcoord.Write;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.TicketName;
import dev.agentcoord.core.queue.Ending;
import dev.agentcoord.spi.Delivery;
import dev.agentcoord.spi.StateTxn;
import dev.agentcoord.spi.TaskStore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What lies under the name of a record and is none, as anybody may make it who may join the store. */
final class PlantedFilesIT extends JoinedSpace {
    private static final long FAR = 1L << 50;
    private static final LockRequest A = LockRequest.exclusive(Item.file("a"));

    @Test
    void aPipeUnderTheNameOfAKeyIsNoValueAndKeepsNobodyWaiting() throws Exception {
        Path pipe = pipe(space.layout().state().resolve("key"));

        assertThat(within(pipe, () -> session.state().get("key"))).isEmpty();
    }

    @Test
    void aPipeInThePlaceOfANoteIsNamed() throws Exception {
        TaskId id = new TaskId("t1");
        TaskStore queue = session.tasks("work");
        queue.enqueue(List.of(NewTask.of("x").id(id)));
        Delivery delivery = queue.claim().orElseThrow();
        queue.finish(delivery, new Ending.Done("merged"));
        Path note = space.layout().queues().resolve("work/notes/t1~1");
        Files.delete(note);
        pipe(note);

        assertThat(within(note, () -> catchCorrupt(() -> queue.find(id)))).isEqualTo(note);
    }

    @Test
    void aFileLargerThanAnyThatIsWrittenIsNotReadToItsEnd() throws IOException {
        Path key = space.layout().state().resolve("key");
        try (RandomAccessFile file = new RandomAccessFile(key.toFile(), "rw")) {
            file.setLength(16L << 20);
        }

        assertThatThrownBy(() -> session.state().get("key"))
                .isInstanceOf(CorruptRecordException.class)
                .hasMessageContaining(key.toString())
                .hasMessageContaining("more than");
    }

    @Test
    void theBodyOfATicketThatNobodyCanReadIsNobodysAndHidesNoOther() throws IOException {
        Ticket mine = place(A, false).ticket();
        plant(space.layout().locks(), Owner.session(SessionId.random()));
        plant(space.layout().taskLocks(), Owner.task("work", new TaskId("none")));

        assertThat(Space.open(dir, "web", FsOptions.defaults()).section().run(space.book()::all))
                .containsExactly(mine);
        assertThat(FsCoordinator.inspect(dir, "web").planted()).hasSize(2);
    }

    @Test
    void aBodyOfOnesOwnThatNobodyCanReadIsNamed() throws IOException {
        Path body = plant(space.layout().locks(), Owner.session(session.info().id()));

        assertThatThrownBy(() -> space.section().run(space.book()::all))
                .isInstanceOf(CorruptRecordException.class)
                .hasMessageContaining(body.toString());
        Files.delete(body);
    }

    @Test
    void directoriesAmongTheHintsOfASessionKeepItFromNothing() throws IOException {
        String me = session.info().id().text();
        session.state().commit(new StateTxn(List.of(), List.of(Write.ephemeral("key", new byte[1])), List.of()));
        for (String name : List.of("ephemerals/" + me + "/junk", "watching/" + me, "asked/" + me + "~1~" + me)) {
            Files.createDirectories(space.layout().home().resolve(name).resolve("in it"));
        }

        assertThatCode(session::close).doesNotThrowAnyException();
        assertThat(space.sessions().find(new SessionId(me))).isEmpty();
    }

    @Test
    void whatIsNoFileIsNoMarkOfATheft() throws IOException {
        SessionId me = session.info().id();
        Files.createSymbolicLink(space.sessions().mark(me, 5), Path.of("nowhere"));
        Files.createDirectory(space.sessions().mark(me, 6));

        assertThat(Theft.isMarked(space, me, 5)).isFalse();
        assertThat(Theft.isMarked(space, me, 6)).isFalse();
    }

    private static Path plant(Path where, Owner owner) throws IOException {
        String name = TicketName.encodeLong(new Ticket(FAR, 0, owner, 1, A, Instant.EPOCH));
        return Files.writeString(where.resolve(name), "garbage");
    }

    private static Path catchCorrupt(Callable<?> call) throws Exception {
        try {
            call.call();
            throw new AssertionError("it was read");
        } catch (CorruptRecordException e) {
            return Path.of(String.valueOf(e.subject()));
        }
    }

    private static Path pipe(Path path) throws Exception {
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor())
                .isZero();
        return path;
    }

    /** Does it on a thread that is let go again where it waits for somebody to write into the pipe. */
    private static <T> T within(Path pipe, Callable<T> call) throws Exception {
        FutureTask<T> task = new FutureTask<>(call);
        Thread thread = new Thread(task, "reader");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(10, TimeUnit.SECONDS);
        } finally {
            if (!task.isDone()) {
                FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE)
                        .close();
            }
        }
    }
}
