package dev.agentcoord.fs;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.OutcomeUnknownException;
import dev.agentcoord.QueueFullException;
import dev.agentcoord.QueueSettings;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.queue.Route;
import dev.agentcoord.core.record.SettingsCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One queue as this process knows it, shared by its sessions: what it remembers of the disk is worth a listing for each claim. Thread-safe. */
final class FsQueue {
    private static final int REMEMBERED = 10_000;

    private final QueueLayout layout;
    private final QueueDirectory directory;
    private final TaskLocks locks;
    private final WriteAheadLog log;
    private final AtomicLong lastLook = new AtomicLong();
    private final Map<String, Route> routes = new ConcurrentHashMap<>();
    private final Set<Path> durable = ConcurrentHashMap.newKeySet();
    private final QueuePruner pruner = new QueuePruner(this);
    private final EnqueueTogether enqueues = new EnqueueTogether();
    private @Nullable Object settingsVersion;
    private QueueSettings settings = QueueSettings.defaults();

    FsQueue(String name, Path home, TaskLocks locks, WriteAheadLog log) {
        this.locks = locks;
        this.log = log;
        this.layout = new QueueLayout(home);
        this.directory = new QueueDirectory(name, layout);
        Calls.typed(home, () -> {
            layout.make();
            return true;
        });
    }

    /** What is done to the queue inside the section. */
    @FunctionalInterface
    interface Body<T> {
        /** Does it. */
        T run(QueueTurn turn) throws IOException;
    }

    /** Runs a body in the section, after whatever somebody else left half done. */
    <T> T run(Section.Entrance section, Supplier<Path> scratch, long now, Body<T> body) {
        List<Ticket> freed = new ArrayList<>();
        T done = section.run(turn -> {
            QueueTurn mine = new QueueTurn(turn, directory, locks, scratch, now, log);
            if (directory.begin(turn)) {
                mine.settleOthers();
            }
            T result;
            try {
                result = unlessRefused(mine, body);
            } catch (IOException | RuntimeException e) {
                logWhatIsDone(mine, e);
                throw e;
            }
            log(mine);
            directory.end(turn);
            freed.addAll(mine.freed());
            return result;
        });
        locks.wake(freed);
        return done;
    }

    /** It is done by now, so no error may say that it is not. */
    private void log(QueueTurn turn) {
        try {
            turn.log().write();
        } catch (IOException | CoordinationException e) {
            throw new OutcomeUnknownException(
                    name(),
                    "done, but perhaps not on the disk (" + e.getMessage() + "); look at the task to be sure",
                    e);
        }
    }

    /** Of several that were done together some may be done, and are answered so. Where they are not logged nobody says that they will last. */
    private static void logWhatIsDone(QueueTurn turn, Exception failure) {
        try {
            turn.log().write();
        } catch (IOException | CoordinationException e) {
            failure.addSuppressed(e);
        }
    }

    /** What is refused before anything was changed leaves what is remembered as true as it was. */
    private <T> T unlessRefused(QueueTurn turn, Body<T> body) throws IOException {
        long before = turn.turn().change();
        try {
            return body.run(turn);
        } catch (QueueFullException e) {
            if (turn.turn().change() == before) {
                directory.end(turn.turn());
            }
            throw e;
        }
    }

    QueueLayout layout() {
        return layout;
    }

    String name() {
        return directory.queue();
    }

    /** Whether it is time to look after those who claim; true for one caller in each interval. */
    boolean shouldLook(long nanos, long interval) {
        long last = lastLook.get();
        return (last == 0 || nanos - last > interval) && lastLook.compareAndSet(last, nanos == 0 ? 1 : nanos);
    }

    /** The settings as they are on the disk. A file that replaced another may have its inode, but is later. */
    synchronized QueueSettings settings() throws IOException {
        try {
            BasicFileAttributes file =
                    Files.readAttributes(layout.settings(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            List<Object> version = List.of(file.fileKey(), file.lastModifiedTime());
            if (!version.equals(settingsVersion)) {
                settings = SettingsCodec.read(RecordFile.decode(layout.settings(), Calls.read(layout.settings()))
                        .fields());
                settingsVersion = version;
            }
            return settings;
        } catch (NoSuchFileException e) {
            return QueueSettings.defaults();
        }
    }

    /** The route of a lane; what its file says never changes. */
    Route route(String lane) throws IOException {
        Route known = lane.equals(QueueLayout.ANYONE) ? Route.ANYONE : routes.get(lane);
        if (known != null) {
            return known;
        }
        try {
            Route read = Lanes.read(layout.lane(lane).resolve("route"));
            if (routes.size() > REMEMBERED) {
                routes.clear();
            }
            routes.put(lane, read);
            return read;
        } catch (NoSuchFileException e) {
            return Route.ANYONE;
        }
    }

    /**
     * Puts what a turn changed onto the disk: by the log what that says, the rest by the directories. Where there is a log a task's name of
     * before may be on no disk, and a directory alone would not make btrfs remember the new one: so the file itself is synced. Outside the
     * section.
     */
    void settle(Writes writes, QueueTurn turn) throws IOException {
        if (writes.isSynced() && !turn.log().isWritten()) {
            throw new OutcomeUnknownException(
                    name(), "done, but perhaps not on the disk; look at the task to be sure", null);
        }
        writes.settle(turn.log().files());
        if (!turn.touched().isEmpty()) {
            settle(writes, turn.touched(), log.isMade() ? turn.moved() : Set.of());
        }
    }

    /**
     * Puts the names in these directories onto the disk, and those of the directories unless this process has done so before. One that
     * was removed was empty: what had been in it went somewhere else, where it is put onto the disk by going through all that is left.
     */
    private void settle(Writes writes, Collection<Path> touched, Set<Path> moved) throws IOException {
        Set<Path> dirs = new LinkedHashSet<>(moved);
        dirs.addAll(touched);
        touched.stream()
                .filter(dir -> !durable.contains(dir))
                .map(QueueLayout::parent)
                .forEach(dirs::add);
        while (true) {
            try {
                writes.settle(dirs);
                break;
            } catch (NoSuchFileException e) {
                if (!layout.claimed().toFile().isDirectory()) {
                    throw e; // The queue itself is gone.
                }
                dirs.removeIf(path -> !path.toFile().exists());
                dirs.add(layout.claimed());
            }
        }
        if (durable.size() > REMEMBERED) {
            durable.clear();
        }
        durable.addAll(touched);
    }

    EnqueueTogether enqueues() {
        return enqueues;
    }

    QueuePruner pruner() {
        return pruner;
    }

    static byte[] encode(QueueSettings settings) {
        return RecordFile.encode(SettingsCodec.fields(settings), new byte[0]);
    }

    /** A task as it is shown: its file's content and what its name says. */
    TaskInfo info(QueueDirectory.Entry entry) throws IOException {
        TaskName task = entry.name().task();
        TaskFile content = QueueTurn.read(entry.file(), task.id());
        String outcome = task.delivery() == 0 && !entry.state().isEnd()
                ? ""
                : new TaskNotes(layout).outcome(task, entry.state());
        TaskInfo info = content.info(entry.state(), task.attempt(), outcome);
        if (!task.lane().equals(Lanes.of(Route.of(info.asEnqueued())))) {
            info = info.recipient(route(task.lane()).recipient());
        }
        return switch (entry.state()) {
            case SCHEDULED -> info.due(Instant.ofEpochMilli(entry.name().moment()));
            case CLAIMED ->
                entry.name().claimer() == null
                        ? info
                        : info.claimer(entry.name().claimer());
            default -> info;
        };
    }
}
