package dev.agentcoord.engine;

import dev.agentcoord.FencingToken;
import dev.agentcoord.core.lock.Ticket;
import java.util.LinkedHashSet;
import java.util.Set;

/** One granted ticket and the grants that rest on it. Guarded by the {@link Holdings} it is in. */
final class Holding {
    private final Ticket ticket;
    private final FencingToken token;
    private final Set<HeldGrant> grants = new LinkedHashSet<>();

    Holding(Ticket ticket, FencingToken token) {
        this.ticket = ticket;
        this.token = token;
    }

    Ticket ticket() {
        return ticket;
    }

    FencingToken token() {
        return token;
    }

    Set<HeldGrant> grants() {
        return grants;
    }
}
