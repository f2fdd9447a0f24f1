package dev.agentcoord.spi;

import dev.agentcoord.Intervention;
import dev.agentcoord.Participant;
import dev.agentcoord.SessionId;
import dev.agentcoord.SessionView;
import dev.agentcoord.Subscription;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import java.util.List;
import java.util.Optional;

/**
 * One space in one store. Says how facts are stored, ordered and watched; every rule that follows from them is in the core. Thread-safe.
 * Methods throw {@link dev.agentcoord.StoreUnavailableException} and its kin, never raw I/O errors.
 */
public interface Backend extends AutoCloseable {
    /** The name of the space. */
    String space();

    /** The ordered incarnation of the store: first part of every fencing token. */
    long incarnation();

    /** Registers a new session; its events are delivered on a thread of the backend until it is closed. */
    StoreSession join(Participant participant, StoreEvents events);

    /** All live sessions, earliest first, and what can be proven about each. */
    List<SessionView> sessions();

    /**
     * All live tickets, earliest first, exact at one moment after the call began; those of a task that is claimed have the delivery number
     * of the claim as generation.
     */
    List<Ticket> tickets();

    /** The latest thefts, the last first, at most that many of the {@code Limits.THEFTS} it remembers. */
    List<Intervention> thefts(int limit);

    /** The session that claims the task which owns a ticket; empty while none does, as on a backend whose tasks own no tickets. */
    default Optional<SessionId> claimerOf(Owner task) {
        return Optional.empty();
    }

    /** Calls the hint whenever {@link #sessions()} may have changed. */
    Subscription watchSessions(Runnable hint);

    /** Releases threads and descriptors; sessions still open are closed first. */
    @Override
    void close();
}
