package dev.agentcoord.spi;

import dev.agentcoord.Intervention;
import dev.agentcoord.LossCause;
import dev.agentcoord.SessionStatus;
import dev.agentcoord.TicketId;

/**
 * What a backend tells the engine about one session, in the order it happened. Calls return quickly and never throw; make them from any
 * thread, holding no lock.
 */
public interface StoreEvents {
    /** The session's standing changed. LOST is told before any call throws {@link dev.agentcoord.SessionLostException}. */
    void status(SessionStatus status);

    /** A granted ticket of this session is void; {@link TicketStore#lossOf} answers so from before this call. */
    void lost(TicketId ticket, LossCause cause);

    /** Somebody asks for the release of a live ticket of this session; a hint that may be lost or come twice. */
    default void releaseRequested(Intervention request) {}
}
