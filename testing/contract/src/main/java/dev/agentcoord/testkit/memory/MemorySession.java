package dev.agentcoord.testkit.memory;

import dev.agentcoord.Intervention;
import dev.agentcoord.LimitExceededException;
import dev.agentcoord.Liveness;
import dev.agentcoord.LossCause;
import dev.agentcoord.SessionClosedException;
import dev.agentcoord.SessionId;
import dev.agentcoord.SessionInfo;
import dev.agentcoord.SessionLostException;
import dev.agentcoord.SessionStatus;
import dev.agentcoord.SessionView;
import dev.agentcoord.TicketId;
import dev.agentcoord.core.Limits;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.spi.StateStore;
import dev.agentcoord.spi.StoreEvents;
import dev.agentcoord.spi.StoreSession;
import dev.agentcoord.spi.TaskStore;
import dev.agentcoord.spi.TicketStore;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One session of a {@link MemoryBackend}. What a test does to it from outside, it hears of when it is awake. Thread-safe. */
final class MemorySession implements StoreSession {
    private final MemoryBackend backend;
    private final SessionInfo info;
    private final StoreEvents events;
    private final Map<Long, LossCause> losses = new ConcurrentHashMap<>();
    private final List<Runnable> unheard = new ArrayList<>();
    private volatile SessionStatus status = SessionStatus.CONNECTED;
    private boolean asleep;
    private int asked;

    MemorySession(MemoryBackend backend, SessionInfo info, StoreEvents events) {
        this.backend = backend;
        this.info = info;
        this.events = events;
    }

    SessionId id() {
        return info.id();
    }

    Owner owner() {
        return Owner.session(info.id());
    }

    synchronized SessionView view() {
        return new SessionView(info, asleep ? Liveness.SUSPECT : Liveness.ALIVE);
    }

    Map<Long, LossCause> losses() {
        return losses;
    }

    SessionStatus status() {
        return status;
    }

    /** Changes what calls meet from now on; the event follows with {@link #tell}. */
    void set(SessionStatus next) {
        status = next;
    }

    void ensureOpen() {
        if (status == SessionStatus.LOST) {
            throw new SessionLostException(id(), "session " + id() + " was declared dead; join again");
        }
        if (status == SessionStatus.CLOSED) {
            throw new SessionClosedException(id(), "session " + id() + " was closed; join again");
        }
    }

    void tellStatus() {
        SessionStatus now = status;
        tell(() -> events.status(now));
    }

    void tellLost(TicketId ticket, LossCause cause) {
        tell(() -> events.lost(ticket, cause));
    }

    /** As long as it is asleep only so many stand before it. */
    synchronized void tellRequest(Intervention request) {
        if (asked >= Limits.RELEASE_REQUESTS) {
            throw new LimitExceededException(
                    request.ticket(), asked + " requests stand before " + id() + " already; wait until it hears them");
        }
        asked += asleep ? 1 : 0;
        tell(() -> events.releaseRequested(request));
    }

    /** Withholds its events until {@link #wake}, as if its process were stopped. */
    synchronized void sleep() {
        asleep = true;
    }

    synchronized void wake() {
        asleep = false;
        asked = 0;
        unheard.forEach(Runnable::run);
        unheard.clear();
    }

    /** Calls now, or when it is awake again. */
    synchronized void tell(Runnable event) {
        if (asleep) {
            unheard.add(event);
        } else {
            event.run();
        }
    }

    @Override
    public SessionInfo info() {
        return info;
    }

    @Override
    public Duration safeFor() {
        return backend.safeFor(this);
    }

    @Override
    public TicketStore tickets() {
        return new MemoryTickets(backend, this);
    }

    @Override
    public TaskStore tasks(String queue) {
        return new MemoryTasks(backend, queue, this);
    }

    @Override
    public StateStore state() {
        return new MemoryState(backend, this);
    }

    @Override
    public void close() {
        backend.close(this);
    }

    /** The guarantee of a session that only proof can end. */
    static Duration forever() {
        return ChronoUnit.FOREVER.getDuration();
    }
}
