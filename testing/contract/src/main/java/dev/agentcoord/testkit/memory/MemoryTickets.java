package dev.agentcoord.testkit.memory;

import dev.agentcoord.Claim;
import dev.agentcoord.Intervention;
import dev.agentcoord.LockRequest;
import dev.agentcoord.LossCause;
import dev.agentcoord.TicketId;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.Verdict;
import dev.agentcoord.spi.Placement;
import dev.agentcoord.spi.TicketDraft;
import dev.agentcoord.spi.TicketStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tickets as one session may touch them; everything is decided by the backend. Thread-safe. */
final class MemoryTickets implements TicketStore {
    private final MemoryBackend backend;
    private final MemorySession session;

    MemoryTickets(MemoryBackend backend, MemorySession session) {
        this.backend = backend;
        this.session = session;
    }

    @Override
    public Placement place(TicketDraft draft, boolean keepBlocked) {
        return backend.place(session, draft, keepBlocked);
    }

    @Override
    public Verdict decide(Ticket mine) {
        return backend.decide(session, mine);
    }

    @Override
    public Ticket bind(Ticket mine, Claim to) {
        return backend.bind(session, mine, to);
    }

    @Override
    public boolean remove(Ticket mine) {
        return backend.remove(session, mine);
    }

    @Override
    public @Nullable LossCause lossOf(Ticket mine) {
        return backend.lossOf(session, mine);
    }

    @Override
    public List<Ticket> blockersOf(LockRequest wants) {
        return backend.blockersOf(session, wants);
    }

    @Override
    public void steal(TicketId ticket, String reason) {
        backend.steal(session, ticket, reason);
    }

    @Override
    public @Nullable Intervention theftOf(Ticket mine) {
        return backend.theftOf(mine);
    }

    @Override
    public void requestRelease(TicketId ticket, String reason) {
        backend.requestRelease(session, ticket, reason);
    }
}
