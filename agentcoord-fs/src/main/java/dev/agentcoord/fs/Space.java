package dev.agentcoord.fs;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.FencingToken;
import dev.agentcoord.SessionId;
import dev.agentcoord.StoreUnavailableException;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * One space as this process shares it among all its coordinators, from its first use for the life of the process: the order file may
 * be opened only once. Thread-safe.
 */
final class Space {
    private static final Map<Path, Space> OPEN = new ConcurrentHashMap<>();
    /** Kept for ever: were an order file collected and so closed, a later one on the same inode would lose its lock. */
    private static final Queue<Space> REPLACED = new ConcurrentLinkedQueue<>();

    private static final long RETRY_MILLIS = 500;

    private final Layout layout;
    private final Manifest manifest;
    private final Manifest.Format format;
    private final Section section;
    private final SessionDirectory sessions;
    private final TicketFiles files;
    private final TicketBook book;
    private final TaskPlaces places;
    private final Judge judge;
    private final Reaper reaper;
    private final StateDirectory state;
    private final TheftLog thefts;
    private final Questions questions;
    private final Doorbells bells;
    private final TimeSource time;
    private final SyncGroup syncs = new SyncGroup();
    private final WriteAheadLog log;
    private final Map<String, FsQueue> queues = new ConcurrentHashMap<>();
    private final Map<SessionId, FsStoreSession> members = new ConcurrentHashMap<>();
    private final Patrol patrol;
    private final boolean sound;

    private Space(Layout layout, Manifest manifest, Manifest.Format format, TimeSource time, boolean sound)
            throws IOException {
        this.layout = layout;
        this.manifest = manifest;
        this.format = format;
        this.time = time;
        this.sound = sound;
        Machine machine = Machine.here();
        bells = new Doorbells();
        sessions = new SessionDirectory(layout);
        files = new TicketFiles(layout, sessions);
        places = new TaskPlaces(layout);
        book = new TicketBook(files, places::isOver);
        judge = new Judge(sessions, machine, time);
        log = new WriteAheadLog(layout, syncs::syncAll);
        state = new StateDirectory(layout, log);
        reaper = new Reaper(this, machine);
        thefts = new TheftLog(this);
        questions = new Questions(this);
        patrol = new Patrol(this);
        section = openLast(machine);
    }

    /** Nothing may fail once it is open: closed again some time later its file would take the lock of the next attempt with it. */
    private Section openLast(Machine machine) throws IOException {
        try {
            return Section.open(layout.order(), machine.boot(), new HalfDone(layout, state, log));
        } catch (IOException | RuntimeException e) {
            bells.close();
            throw e;
        }
    }

    /** The space of that layout, made if it is not there; throws the typed errors of a store that cannot be used. */
    static Space open(Path root, String name, FsOptions options) {
        return open(root, name, options, Manifest.Format.CURRENT);
    }

    /** As a version that knows another format would open it. */
    static Space open(Path root, String name, FsOptions options, Manifest.Format format) {
        try {
            Path real = StoreDirectory.openRoot(root);
            Layout layout = new Layout(real, name);
            synchronized (OPEN) {
                Space space = OPEN.get(layout.home());
                if (space == null || !space.isCurrent()) {
                    // First of all, for a format that is not known says nothing about the rest.
                    Manifest found = Manifest.find(real, format);
                    Leftovers.sweepOwnToo(real);
                    FileSystemProbe.check(real, options.anyFileSystem());
                    TimeSource time = TimeSource.system();
                    Manifest manifest = found != null ? found : Manifest.make(real, time, format);
                    StoreDirectory.openSpace(layout);
                    space = new Space(layout, manifest, format, time, !options.anyFileSystem());
                    Space before = OPEN.put(layout.home(), space);
                    if (before != null) {
                        REPLACED.add(before);
                    }
                }
                return space;
            }
        } catch (IOException e) {
            throw Disk.unavailable(root, e);
        }
    }

    private boolean isCurrent() {
        try {
            section.run(Turn::change);
            return manifest.isStillAt(layout.root(), format);
        } catch (StoreUnavailableException e) {
            if (section.isReset()) {
                return false;
            }
            throw e;
        } catch (IOException e) {
            throw Disk.unavailable(layout.root(), e);
        }
    }

    Layout layout() {
        return layout;
    }

    long incarnation() {
        return manifest.incarnation();
    }

    Section section() {
        return section;
    }

    SessionDirectory sessions() {
        return sessions;
    }

    TicketFiles files() {
        return files;
    }

    Judge judge() {
        return judge;
    }

    Reaper reaper() {
        return reaper;
    }

    StateDirectory state() {
        return state;
    }

    TheftLog thefts() {
        return thefts;
    }

    Questions questions() {
        return questions;
    }

    Doorbells bells() {
        return bells;
    }

    Patrol patrol() {
        return patrol;
    }

    /** A queue, made if it is not there. */
    FsQueue queue(String name) {
        return queues.computeIfAbsent(
                name,
                queue -> new FsQueue(queue, layout.queues().resolve(queue), new TaskLocks(book, this::wake), log));
    }

    /** Waits for what this process does in the space that nobody has asked for. */
    void awaitAside() {
        log.awaitAside();
    }

    /** How what is written there reaches the disk. */
    Writes writes(Durability durability) {
        return new Writes(syncs, log, durability);
    }

    TimeSource time() {
        return time;
    }

    /** Whether the store is on a kind of file system where what was written last is read, by whoever. */
    boolean isSound() {
        return sound;
    }

    /** Sessions joined by this process and not ended. */
    Map<SessionId, FsStoreSession> members() {
        return members;
    }

    /** The live tickets. */
    TicketBook book() {
        return book;
    }

    /** The live tickets for whoever only shows them: one that nobody can read is passed over. Inside the section. */
    List<Ticket> shown(Turn turn) throws IOException {
        try {
            return book.all(turn);
        } catch (CorruptRecordException e) {
            return files.readable(turn);
        }
    }

    /** Whether a token is that of a live, granted ticket, of whoever holds it now; inside the section. */
    boolean isHeld(Turn turn, FencingToken token) throws IOException {
        Ticket ticket = book.getThere(turn, token.position());
        Ticket held = ticket == null ? null : places.asHeld(ticket);
        return held != null && held.token(incarnation()).equals(token) && book.isGranted(turn, held);
    }

    /** Where the tasks stand that have locks. */
    TaskPlaces places() {
        return places;
    }

    /** Does what must be done in the end, now or, as long as the store cannot be written, again a little later. */
    void eventually(Runnable work) {
        try {
            work.run();
        } catch (StoreUnavailableException e) {
            if (!section.isReset()) {
                patrol.after(RETRY_MILLIS, () -> eventually(work));
            }
        } catch (CoordinationException e) {
            // What cannot be understood is not repaired by trying again.
            return;
        }
    }

    /** Tells the owners of tickets that they are granted from now on. Outside the section. */
    void wake(List<Ticket> admitted) {
        admitted.forEach(ticket -> ring(ticket, ticket.position()));
    }

    /** Tells the owner of a ticket that its turn probably comes soon. Outside the section. */
    void tellNext(Ticket ticket) {
        ring(ticket, Doorbells.next(ticket.position()));
    }

    private void ring(Ticket about, long message) {
        if (about.owner().kind() == Owner.Kind.SESSION) {
            ring(new SessionId(about.owner().id()), message);
        } else {
            claimerOf(about.owner()).ifPresent(claimer -> ring(claimer, message));
        }
    }

    /** Clears away a ticket whose name is gone although nobody said so yet, as its session let go of it; true when it is not as it was. */
    boolean clearIfGone(Ticket ticket) throws IOException {
        if (book.isThere(ticket)) {
            return false;
        }
        List<Ticket> admitted = section.run(turn -> {
            Ticket live = book.get(turn, ticket.position());
            return live == null || book.isThere(live) ? List.of() : book.removed(turn, live);
        });
        wake(admitted);
        return true;
    }

    /** The session that claims a task. Outside the section. */
    Optional<SessionId> claimerOf(Owner task) {
        return section.run(turn -> Optional.ofNullable(places.claimerOf(task)));
    }

    /** Rings at a session, with the position of a ticket that is granted, or {@link Doorbells#ALL}. Outside the section. */
    void ring(SessionId id, long position) {
        FsStoreSession member = members.get(id);
        if (member != null) {
            member.rung(position, true);
            return;
        }
        try {
            Optional<SessionDirectory.Known> session = sessions.remembered(id);
            session.ifPresent(known -> bells.ring(known, position));
        } catch (IOException e) {
            // A ring is a hint; whoever waits looks again by itself.
            return;
        }
    }
}
