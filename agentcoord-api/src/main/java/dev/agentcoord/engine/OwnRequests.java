package dev.agentcoord.engine;

import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.LockRequest;
import dev.agentcoord.SessionId;
import dev.agentcoord.core.Limits;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.SelfConflict;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.Verdict;
import dev.agentcoord.spi.Placement;
import dev.agentcoord.spi.TicketDraft;
import dev.agentcoord.spi.TicketStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a session itself, not its tasks, asks for and holds: each request from before the store hears of it until its ticket is gone. None of
 * it may overlap with what a task has, also while another thread binds that: whichever comes second is refused. Thread-safe.
 */
final class OwnRequests {
    private final TicketStore store;
    private final Owner session;
    private final Map<Long, Own> byNumber = new HashMap<>();
    /** Tickets that become a task's just now, as those of the task. */
    private final List<Ticket> leaving = new ArrayList<>();

    OwnRequests(TicketStore store, SessionId session) {
        this.store = store;
        this.session = Owner.session(session);
    }

    private static final class Own {
        private final LockRequest wants;
        /** Null until the store has answered. */
        private @Nullable Ticket ticket;

        Own(LockRequest wants) {
            this.wants = wants;
        }
    }

    /** As {@link TicketStore#place}; refuses what overlaps with a lock that becomes a task's in this moment. */
    Placement place(TicketDraft draft, boolean keepBlocked) {
        if (draft.wants().claim().isPresent()) {
            return store.place(draft, keepBlocked);
        }
        Own own = begin(draft);
        Ticket kept = null;
        try {
            Placement placement = store.place(draft, keepBlocked);
            if (keepBlocked || placement.verdict() instanceof Verdict.Granted) {
                kept = placement.ticket();
            }
            return placement;
        } finally {
            answered(draft.request(), own, kept);
        }
    }

    private synchronized Own begin(TicketDraft draft) {
        if (!leaving.isEmpty()) {
            SelfConflict.refuse(standIn(draft.wants()), leaving, owner -> true);
        }
        if (byNumber.size() >= Limits.TICKETS_PER_SESSION) {
            forgetLost();
        }
        Own own = new Own(draft.wants());
        byNumber.put(draft.request(), own);
        return own;
    }

    private synchronized void answered(long number, Own own, @Nullable Ticket kept) {
        own.ticket = kept;
        if (kept == null) {
            byNumber.remove(number);
        }
    }

    /** A ticket is gone from the store, or is a task's from now on. */
    synchronized void end(Ticket ticket) {
        if (ticket.owner().equals(session)) {
            byNumber.remove(ticket.request());
        }
    }

    /**
     * Binds tickets, given as the task will have them. Refuses it before anything is done where one of them overlaps with what stays with the
     * session, and meanwhile what the session asks for that overlaps with one of them.
     */
    void give(List<Ticket> given, Runnable binding) {
        beginGiving(given);
        try {
            binding.run();
        } finally {
            endGiving(given);
        }
    }

    private synchronized void beginGiving(List<Ticket> given) {
        refuseToPart(given);
        leaving.addAll(given);
    }

    private synchronized void endGiving(List<Ticket> given) {
        leaving.removeAll(given);
    }

    /** Refuses that tickets go with their task where one of them overlaps with what stays; looks for losses before it does. */
    synchronized void refuseToPart(List<Ticket> given) {
        try {
            SelfConflict.refuseToPart(given, allBut(given));
        } catch (InvalidRequestException e) {
            forgetLost();
            SelfConflict.refuseToPart(given, allBut(given));
        }
    }

    private List<Ticket> allBut(List<Ticket> given) {
        Set<Long> leaves = given.stream().map(Ticket::position).collect(Collectors.toSet());
        return byNumber.values().stream()
                .filter(own -> own.ticket == null || !leaves.contains(own.ticket.position()))
                .map(own -> standIn(own.wants))
                .toList();
    }

    private void forgetLost() {
        byNumber.values().removeIf(own -> own.ticket != null && store.lossOf(own.ticket) != null);
    }

    /** For a ticket that may not be made yet: which came first does not matter here. */
    private Ticket standIn(LockRequest wants) {
        return new Ticket(Long.MAX_VALUE, 0, session, 0, wants, Instant.EPOCH);
    }
}
