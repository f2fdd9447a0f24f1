package dev.agentcoord.fs;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.LockRequest.exclusive;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.Coordinator;
import dev.agentcoord.NewTask;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.SessionId;
import dev.agentcoord.TaskId;
import dev.agentcoord.Versioned;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.TicketName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody makes by hand in the directories of a space that many may write to. */
final class StrayNamesIT {
    private static final long FAR = 1L << 50;
    private static final FsOptions QUICKLY = FsOptions.defaults().durability(Durability.UNSYNCED);

    @TempDir
    private Path dir;

    @Test
    void stray_files_directories_and_links_stop_nobody_and_are_named_by_an_inspection() throws IOException {
        Path store = dir.resolve("store");
        List<Path> planted;
        try (Coordinator before = FsCoordinator.open(store, "web", QUICKLY)) {
            before.join(Participant.named("maker")).state().put("key", new byte[1]);
            planted = plant(new Layout(store, "web"));
            use(before, "a");
        }
        try (Coordinator after = FsCoordinator.open(store, "web", QUICKLY)) {
            use(after, "b");
        }

        assertThat(FsCoordinator.inspect(store, "web").planted())
                .extracting(FsReport.Left::path)
                .containsExactlyInAnyOrderElementsOf(planted);
        assertThat(planted).allSatisfy(path -> assertThat(Disk.identity(path)).isNotNull());
    }

    private static void use(Coordinator coordinator, String name) {
        Session session = coordinator.join(Participant.named(name));
        assertThat(session.locks().tryAcquire(exclusive(file("forged")))).isPresent();
        assertThat(coordinator.locks()).hasSize(1);
        session.queue("work").enqueue(NewTask.of("task"));
        session.queue("work").tryClaim().orElseThrow().complete("done");
        session.state().put(name, new byte[1]);
        assertThat(session.state().list("", "", 10)).extracting(Versioned::key).contains("key", name);
        session.close();
    }

    /** Names that are none and names that could be, as files, directories and links, but for files with the names of keys. */
    private static List<Path> plant(Layout layout) throws IOException {
        List<Path> all = new ArrayList<>();
        for (Path where : List.of(layout.locks(), layout.taskLocks(), layout.state())) {
            all.add(Files.writeString(where.resolve("%zz"), "?"));
            all.add(Files.createDirectory(where.resolve("junk-directory")));
            all.add(Files.createSymbolicLink(where.resolve("junk-link"), Path.of("/etc/passwd")));
        }
        Owner nobody = Owner.session(SessionId.random());
        all.add(Files.writeString(layout.locks().resolve("junk"), "?"));
        all.add(Files.writeString(layout.locks().resolve("0000000000000fff~junk"), "?"));
        // What is left of a session that is not there goes like any other ticket of the dead.
        Files.createDirectory(layout.locks().resolve(name(nobody, FAR)));
        Files.createSymbolicLink(layout.locks().resolve(name(nobody, FAR + 1)), Path.of("nowhere"));
        Owner task = Owner.task("work", new TaskId("none"));
        all.add(Files.createDirectory(layout.taskLocks().resolve(name(task, FAR + 2))));
        all.add(Files.createSymbolicLink(layout.taskLocks().resolve(name(task, FAR + 3)), Path.of("nowhere")));
        return all;
    }

    private static String name(Owner owner, long position) {
        return TicketName.encode(new Ticket(position, 0, owner, 1, exclusive(file("forged")), Instant.now()))
                .orElseThrow();
    }
}
