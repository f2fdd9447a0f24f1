package dev.agentcoord.fs;

import dev.agentcoord.FencingToken;
import dev.agentcoord.Participant;
import dev.agentcoord.SessionId;
import dev.agentcoord.core.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** A space with a section and nothing else, a clock that tests move, and sessions that end when tests say so. */
final class ScratchSpace implements TimeSource {
    static final long INCARNATION = 42;
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    final Path dir;
    final Section section;
    private final Layout layout;
    final StateDirectory state;
    final Set<FencingToken> held = ConcurrentHashMap.newKeySet();
    final WriteAheadLog log;
    Writes writes;
    final Set<SessionId> ended = ConcurrentHashMap.newKeySet();
    final List<SessionId> rung = new CopyOnWriteArrayList<>();
    private final Map<SessionId, Participant> participants = new ConcurrentHashMap<>();
    private final Map<String, FsQueue> queues = new ConcurrentHashMap<>();
    private final AtomicLong scratch = new AtomicLong();
    private volatile Instant now = START;
    private volatile boolean still;

    ScratchSpace(Path dir) throws IOException {
        this(dir, 2);
    }

    /** The same space in another boot, if there is one already. */
    ScratchSpace(Path dir, int boot) throws IOException {
        this.dir = dir;
        Path order = dir.resolve("order");
        if (!Files.exists(order)) {
            Files.write(order, OrderFile.blank());
        }
        this.layout = new Layout(dir.resolve(".."), String.valueOf(dir.getFileName()));
        Files.createDirectories(layout.taskLocks());
        Files.createDirectories(dir.resolve("tmp"));
        Files.createDirectories(dir.resolve("state"));
        Files.createDirectories(dir.resolve("queues"));
        Layout inside = new Layout(dir, ".");
        SyncGroup syncs = new SyncGroup();
        this.log = new WriteAheadLog(inside, syncs::syncAll);
        this.writes = new Writes(syncs, log, Durability.SYNCED);
        this.state = new StateDirectory(inside, log);
        this.section = Section.open(order, new UUID(1, boot), new HalfDone(inside, state, log));
    }

    FsTaskStore queue(String name, SessionId session) {
        return queue(name, session, Participant.named("tester"));
    }

    FsTaskStore queue(String name, SessionId session, Participant who) {
        participants.put(session, who);
        FsQueue shared = queues.computeIfAbsent(
                name, n -> new FsQueue(n, dir.resolve("queues").resolve(n), locks(), log));
        return new FsTaskStore(shared, context(session));
    }

    /** A queue as another process knows it, that sees of this one only the disk. */
    FsTaskStore foreignQueue(String name, SessionId session) {
        participants.put(session, Participant.named("stranger"));
        return new FsTaskStore(new FsQueue(name, dir.resolve("queues").resolve(name), locks(), log), context(session));
    }

    FsQueue shared(String name) {
        return Objects.requireNonNull(queues.get(name));
    }

    FsTaskStore.Context context(SessionId session) {
        return new FsTaskStore.Context(
                section::run,
                () -> {},
                INCARNATION,
                session,
                id -> Optional.ofNullable(participants.get(id)),
                ended::contains,
                rung::add,
                this::scratch,
                writes,
                this,
                (tickets, delivery, claim) -> tickets);
    }

    private TaskLocks locks() {
        TicketFiles files = new TicketFiles(layout, new SessionDirectory(layout));
        return new TaskLocks(new TicketBook(files, new TaskPlaces(layout)::isOver), admitted -> {});
    }

    FsStateStore state() {
        return state(new SessionId("0".repeat(26)));
    }

    FsStateStore state(SessionId session) {
        FsStateStore.Context context = new FsStateStore.Context(
                section::run,
                () -> {},
                session,
                (turn, token) -> held.contains(token),
                ended::contains,
                watcher -> {},
                writes);
        return new FsStateStore(state, context);
    }

    /** From now on nothing waits for the disk. */
    ScratchSpace unsynced() {
        writes = new Writes(writes.group(), log, Durability.UNSYNCED);
        return this;
    }

    /** From now on time passes only as tests say. */
    ScratchSpace stillTime() {
        still = true;
        return this;
    }

    Path scratch() {
        return dir.resolve("tmp").resolve("file-" + scratch.incrementAndGet());
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    @Override
    public Instant wall() {
        return now;
    }

    @Override
    public long nanos() {
        return (still ? 0 : System.nanoTime()) + Duration.between(START, now).toNanos();
    }
}
