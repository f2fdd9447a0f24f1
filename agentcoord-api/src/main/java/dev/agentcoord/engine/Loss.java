package dev.agentcoord.engine;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.Intervention;
import dev.agentcoord.LossCause;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.spi.TicketStore;
import org.jspecify.annotations.Nullable;

/**
 * Why a ticket is void, and where somebody took it, who did and why.
 *
 * @param cause why
 * @param theft null unless it was stolen, or where no record of that is left
 */
record Loss(LossCause cause, @Nullable Intervention theft) {
    /** What the store says, or null while the ticket is safely held. */
    static @Nullable Loss of(TicketStore store, Ticket ticket) {
        LossCause cause = store.lossOf(ticket);
        return cause == null ? null : of(store, ticket, cause);
    }

    /** With the record of a theft, if that is the cause. */
    static Loss of(TicketStore store, Ticket ticket, LossCause cause) {
        try {
            return new Loss(cause, cause == LossCause.STOLEN ? store.theftOf(ticket) : null);
        } catch (CoordinationException e) {
            // That it is lost is what counts, and known.
            return new Loss(cause, null);
        }
    }

    @Override
    public String toString() {
        return theft == null ? cause.toString() : cause + " " + theft;
    }
}
