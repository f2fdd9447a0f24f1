package dev.agentcoord.spi;

import dev.agentcoord.LossCause;
import dev.agentcoord.SessionStatus;
import dev.agentcoord.TicketId;

/** What a backend tells the engine about one session, in the order it happened. Calls return quickly and never throw. */
public interface StoreEvents {
    /** The session's standing changed. */
    void status(SessionStatus status);

    /** A granted ticket of this session is void. */
    void lost(TicketId ticket, LossCause cause);
}
