package dev.agentcoord.engine;

import dev.agentcoord.Intervention;
import dev.agentcoord.LossCause;
import dev.agentcoord.SessionClosedException;
import dev.agentcoord.SessionId;
import dev.agentcoord.SessionLostException;
import dev.agentcoord.SessionStatus;
import dev.agentcoord.Subscription;
import dev.agentcoord.TicketId;
import dev.agentcoord.spi.StoreEvents;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Where one session stands and who is told of it: LOST and CLOSED are final, the first of them wins. Thread-safe. */
final class Life implements StoreEvents {
    private final Dispatcher dispatcher;
    private final ReleaseRequests requests;
    private final List<Consumer<SessionStatus>> listeners = new CopyOnWriteArrayList<>();
    private final List<Runnable> hints = new CopyOnWriteArrayList<>();
    private volatile SessionStatus status = SessionStatus.CONNECTED;

    Life(Dispatcher dispatcher, ReleaseRequests requests) {
        this.dispatcher = dispatcher;
        this.requests = requests;
    }

    @Override
    public void status(SessionStatus next) {
        synchronized (this) {
            if (hasEnded() || status == next) {
                return;
            }
            status = next;
            listeners.forEach(listener -> dispatcher.dispatch(() -> listener.accept(next)));
        }
        hints.forEach(Runnable::run);
    }

    /** Only a hint: what is lost, and why, is asked of the store, so that a late event and an early question agree. */
    @Override
    public void lost(TicketId ticket, LossCause cause) {
        hints.forEach(Runnable::run);
    }

    @Override
    public void releaseRequested(Intervention request) {
        requests.tell(request);
    }

    SessionStatus status() {
        return status;
    }

    boolean isLost() {
        return status == SessionStatus.LOST;
    }

    boolean hasEnded() {
        return isLost() || status == SessionStatus.CLOSED;
    }

    /** Throws {@link SessionLostException} or {@link SessionClosedException} once the session has ended. */
    void ensureOpen(SessionId id) {
        switch (status) {
            case LOST ->
                throw new SessionLostException(
                        id, "session " + id + " is lost and all it held is void; stop, then join again");
            case CLOSED -> throw new SessionClosedException(id, "session " + id + " was closed; join again to go on");
            case CONNECTED, SUSPENDED -> {
                // Open: calls are answered, though a suspended session asserts nothing.
            }
        }
    }

    /** Calls back with each new status, in order. */
    synchronized Subscription onStatus(Consumer<SessionStatus> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Calls the hint, from any thread, whenever the status changed or something may have been lost; it returns quickly. */
    Subscription onChange(Runnable hint) {
        hints.add(hint);
        return () -> hints.remove(hint);
    }
}
