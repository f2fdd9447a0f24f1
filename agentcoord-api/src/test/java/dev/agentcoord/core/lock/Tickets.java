package dev.agentcoord.core.lock;

import dev.agentcoord.LockRequest;
import dev.agentcoord.SessionId;
import java.time.Instant;

/** Tickets for tests: owner n is a session whose id ends in n. */
final class Tickets {
    static final Instant SINCE = Instant.ofEpochMilli(1_700_000_000_123L);

    private Tickets() {}

    static Ticket ticket(long position, int owner, LockRequest wants) {
        return new Ticket(position, 0, owner(owner), position, wants, SINCE);
    }

    static Owner owner(int number) {
        return Owner.session(new SessionId(String.format("%026d", number)));
    }
}
