package dev.agentcoord.fs;

import dev.agentcoord.Claim;
import dev.agentcoord.CoordinationException;
import dev.agentcoord.Intervention;
import dev.agentcoord.LossCause;
import dev.agentcoord.Participant;
import dev.agentcoord.SessionClosedException;
import dev.agentcoord.SessionId;
import dev.agentcoord.SessionInfo;
import dev.agentcoord.SessionLostException;
import dev.agentcoord.SessionStatus;
import dev.agentcoord.StoreUnavailableException;
import dev.agentcoord.core.Canonical;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.spi.StateStore;
import dev.agentcoord.spi.StoreEvents;
import dev.agentcoord.spi.StoreSession;
import dev.agentcoord.spi.TaskStore;
import dev.agentcoord.spi.TicketStore;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A session of this process: its record, heartbeat and doorbell, and what it holds. */
final class FsStoreSession implements StoreSession {
    /** Who asks rings as well; so often it is looked whether that ring was lost. */
    private static final long QUESTIONS_NANOS = Duration.ofSeconds(1).toNanos();

    private final Space space;
    private final SessionRecord record;
    private final StoreEvents events;
    private final Writes writes;
    private final Heartbeat heartbeat;
    private final Closeable bell;
    private final FsTicketStore tickets;
    private final FsStateStore state;
    private final Map<String, FsTaskStore> queues = new ConcurrentHashMap<>();
    private final AtomicLong scratch = new AtomicLong();
    private volatile long heard;
    private volatile @Nullable LossCause losing;
    private volatile SessionStatus status = SessionStatus.CONNECTED;

    FsStoreSession(Space space, SessionRecord record, StoreEvents events, Writes writes) throws IOException {
        this.space = space;
        this.record = record;
        this.events = events;
        this.writes = writes;
        this.tickets = new FsTicketStore(space, this);
        this.state = openState();
        this.heard = space.time().nanos();
        this.heartbeat = new Heartbeat(space.sessions().beat(record.id()), record.ttl(), space.time());
        this.bell = space.bells().hang(Path.of(record.bell()), this::rung);
    }

    /** From now on it is known to this process and beats. */
    void start() {
        space.members().put(record.id(), this);
        space.patrol().hurry();
        beatLater();
    }

    private void beatLater() {
        space.patrol().after(heartbeat.interval().toMillis(), this::beat);
    }

    private void beat() {
        if (status != SessionStatus.CONNECTED) {
            return;
        }
        try {
            if (heartbeat.beat() && isRecorded()) {
                beatLater();
                return;
            }
        } catch (IOException e) {
            // The file may be gone with the whole store, or the disk may be full: the section tells which.
            if (stillRegistered()) {
                beatLater();
                return;
            }
        }
        lose(LossCause.SESSION_LOST);
    }

    private boolean stillRegistered() {
        try {
            return space.section().run(turn -> space.sessions().find(id())).isPresent();
        } catch (CoordinationException e) {
            // Out of reach or not to be understood is not gone, and no reason to fall silent.
            return !space.section().isReset();
        }
    }

    SessionId id() {
        return record.id();
    }

    @Override
    public SessionInfo info() {
        return record.info();
    }

    @Override
    public Duration safeFor() {
        return lost() == null ? heartbeat.safeFor() : Duration.ZERO;
    }

    @Override
    public TicketStore tickets() {
        return tickets;
    }

    @Override
    public TaskStore tasks(String queue) {
        return queue(queue);
    }

    private FsTaskStore queue(String queue) {
        requireOpen();
        return queues.computeIfAbsent(Canonical.agentName(queue), this::openQueue);
    }

    private FsTaskStore openQueue(String queue) {
        FsTaskStore.Context context = new FsTaskStore.Context(
                this::inSection,
                this::requireOpen,
                space.incarnation(),
                id(),
                this::participantOf,
                this::hasEnded,
                waiter -> space.ring(waiter, Doorbells.ALL),
                this::scratch,
                writes,
                space.time(),
                tickets::adopt);
        return new FsTaskStore(space.queue(queue), context);
    }

    private Optional<Participant> participantOf(SessionId other) {
        return other.equals(id())
                ? Optional.of(record.info().participant())
                : Calls.typed(space.layout().sessions(), () -> space.sessions().remembered(other))
                        .map(known -> known.record().info().participant());
    }

    /** The file that is there as long as a session holds that claim. */
    Path fileOf(Claim claim) {
        return queue(claim.queue()).fileOf(claim.task(), claim.token());
    }

    /** Gives back what a session that has ended claims in the queue of a task. */
    void giveBack(Owner task, SessionId ended) {
        queue(TaskPlaces.queueOf(task)).giveBack(this::inSection, ended);
    }

    private boolean hasEnded(SessionId other) {
        return !space.members().containsKey(other)
                && Calls.typed(space.layout().sessions(), () -> space.judge().isDead(other));
    }

    /** A name for a file being written that nobody else uses. */
    Path scratch() {
        return space.layout().tmp().resolve(id().text() + "~" + scratch.incrementAndGet());
    }

    private FsStateStore openState() {
        FsStateStore.Context context = new FsStateStore.Context(
                this::inSection,
                this::requireOpen,
                id(),
                space::isHeld,
                this::hasEnded,
                watcher -> space.ring(watcher, Doorbells.ALL),
                writes);
        return new FsStateStore(space.state(), context);
    }

    @Override
    public StateStore state() {
        requireOpen();
        return state;
    }

    /** Runs a body in the section on behalf of this session; throws when it has ended, or the store was wiped. */
    <T> T inSection(Section.Body<T> body) {
        requireOpen();
        try {
            return space.section().run(body);
        } catch (StoreUnavailableException e) {
            if (space.section().isReset()) {
                lose(LossCause.RESET);
            } else if (isUnrecorded()) {
                lose(LossCause.SESSION_LOST);
            }
            requireOpen();
            throw e;
        }
    }

    /** Without its record it has ended for everybody else, whoever removed that. */
    private boolean isRecorded() throws IOException {
        return Disk.isThere(space.sessions().path(id()));
    }

    private boolean isUnrecorded() {
        try {
            return !isRecorded();
        } catch (IOException e) {
            // Out of reach is not gone.
            return false;
        }
    }

    boolean isOver() {
        return status != SessionStatus.CONNECTED;
    }

    /** Throws what the SPI says once the session has ended. */
    void requireOpen() {
        if (status == SessionStatus.CLOSED) {
            throw new SessionClosedException(id(), "session " + id() + " was closed; join again");
        }
        if (status == SessionStatus.LOST) {
            throw new SessionLostException(
                    id(),
                    "session " + id() + " is lost and so is all it held; stop what relies on it, then join again");
        }
    }

    /** Why the session holds nothing any more, or null while it does. */
    @Nullable LossCause lost() {
        LossCause cause = losing;
        if (cause != null) {
            return cause;
        }
        if (status == SessionStatus.CLOSED || heartbeat.safeFor().isZero()) {
            return LossCause.SESSION_LOST;
        }
        return space.section().isReset() ? LossCause.RESET : null;
    }

    /** Ends the session for ever: its holds answer so first, then it is told, then its calls throw. */
    void lose(LossCause cause) {
        synchronized (this) {
            if (losing != null || status == SessionStatus.CLOSED) {
                return;
            }
            losing = cause;
        }
        space.members().remove(id());
        events.status(SessionStatus.LOST);
        tickets.loseAll(cause, events);
        status = SessionStatus.LOST;
        closeBell();
        // It asserts nothing any more, so nobody has to wait until that is proven.
        space.eventually(this::removeAll);
    }

    /** Its locks first, and whatever one part meets, the others are done; the record goes last, unless its locks could not. */
    private void removeAll() {
        List<Runnable> parts = new ArrayList<>();
        parts.add(() -> space.reaper().removeTickets(id(), true));
        queues.values().forEach(queue -> parts.add(() -> queue.giveBack(space.section()::run)));
        parts.add(() -> Calls.typed(space.layout().state(), () -> space.state().forget(space.section()::run, id())));
        CoordinationException failure = null;
        for (Runnable part : parts) {
            try {
                part.run();
            } catch (StoreUnavailableException e) {
                // Worth trying again, the record included.
                throw e;
            } catch (CoordinationException e) {
                failure = failure == null ? e : failure;
            }
        }
        space.reaper().removeRecord(id());
        if (failure != null) {
            throw failure;
        }
    }

    /** One look on behalf of this session; true while it waits for something. */
    boolean look() {
        try {
            if (space.time().nanos() - heard > QUESTIONS_NANOS) {
                hearQuestions();
            }
            state.look();
            return tickets.look(events);
        } catch (CoordinationException e) {
            // Told to whoever calls next; a reset or a full disk is not for this thread to report.
            return true;
        }
    }

    private void hearQuestions() {
        heard = space.time().nanos();
        List<Intervention> questions =
                Calls.typed(space.layout().asked(), () -> space.questions().hear(id()));
        questions.stream().filter(question -> tickets.has(question.ticket())).forEach(events::releaseRequested);
    }

    /** Somebody rang: the ticket at that position is granted, if he is to be trusted, or is the next, or one of them is gone. */
    void rung(long position, boolean trusted) {
        if (position < 0) {
            if (trusted) {
                tickets.hintNext(Doorbells.next(position));
            }
        } else if (position == Doorbells.ALL || !tickets.hint(position, trusted)) {
            space.patrol().soon(this::lookEverywhere);
        }
    }

    private void lookEverywhere() {
        heard = space.time().nanos() - 2 * QUESTIONS_NANOS;
        queues.values().forEach(FsTaskStore::hint);
        state.hint();
        look();
    }

    @Override
    public void close() {
        synchronized (this) {
            if (status != SessionStatus.CONNECTED || losing != null) {
                return;
            }
            status = SessionStatus.CLOSED;
        }
        space.members().remove(id());
        closeBell();
        try {
            removeAll();
        } catch (StoreUnavailableException e) {
            if (!space.section().isReset()) {
                // Its process lives on, so nobody else would ever remove what it has left.
                space.eventually(this::removeAll);
                throw e;
            }
        } finally {
            events.status(SessionStatus.CLOSED);
        }
    }

    private void closeBell() {
        try {
            bell.close();
            Doorbells.takeDown(record, Machine.here().uid());
        } catch (IOException e) {
            // Nobody hears it any more, which is what was wanted.
            return;
        }
    }
}
