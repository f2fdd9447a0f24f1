package dev.agentcoord.zk;

import dev.agentcoord.LossCause;
import dev.agentcoord.TicketId;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.zookeeper.KeeperException;
import org.jspecify.annotations.Nullable;

/** The tickets that a session has, and why it has those no more that it had. What was once lost stays lost. Thread-safe. */
final class OwnTickets {
    private final ZkStoreSession session;
    private final Tickets tickets;
    private final Wakeups wakeups;
    private final Binding binding;
    private final Map<Long, OwnTicket> own = new ConcurrentHashMap<>();
    private final Map<Long, LossCause> losses = new ConcurrentHashMap<>();
    /** Tickets of tasks that were recalled before this session had them: while the answer to what made them its own was under way. */
    private final Set<Long> recalled = ConcurrentHashMap.newKeySet();

    OwnTickets(ZkStoreSession session, Tickets tickets, Wakeups wakeups, Binding binding) {
        this.session = session;
        this.tickets = tickets;
        this.wakeups = wakeups;
        this.binding = binding;
    }

    /** The session's ticket at a position. */
    @Nullable OwnTicket at(long position) {
        return own.get(position);
    }

    /** Whether a ticket is one of the session's. */
    boolean has(TicketId ticket) {
        return own.containsKey(ticket.position());
    }

    /** The paths of what it holds or waits for. */
    List<String> paths() {
        return own.values().stream().map(mine -> tickets.path(mine.name())).toList();
    }

    /** It is this session's from now on; false where it was recalled before it was. */
    boolean keep(OwnTicket mine) {
        long position = mine.ticket().position();
        own.put(position, mine);
        if (!recalled.remove(position)) {
            return true;
        }
        end(mine);
        return false;
    }

    /** Takes one away that is to be given up; null where it is not, or no more, the session's. */
    @Nullable OwnTicket release(Ticket ticket) {
        OwnTicket mine = own.get(ticket.position());
        if (mine == null
                || !mine.is(ticket)
                || !own.remove(ticket.position(), mine)
                || losses.containsKey(ticket.position())) {
            return null;
        }
        wakeups.forget(mine);
        return mine;
    }

    /** A ticket is void: from now on the answer is so, and its owner is told. Null where it was not live. */
    @Nullable String lose(long position, LossCause cause) {
        OwnTicket mine = own.get(position);
        if (mine == null || losses.putIfAbsent(position, cause) != null) {
            return null;
        }
        own.remove(position);
        wakeups.forget(mine);
        session.tellLost(mine, cause);
        return tickets.path(mine.name());
    }

    /** Znodes of live tickets are not there. */
    void missing(List<String> paths) {
        for (OwnTicket mine : own.values()) {
            if (!binding.isUnderWay(mine) && paths.contains(tickets.path(mine.name()))) {
                if (isOfTask(mine.ticket())) {
                    end(mine);
                } else {
                    lose(mine.ticket().position(), LossCause.RESET);
                }
            }
        }
    }

    /** The task it belongs to is about to be cancelled. Whoever hears of that once it returns takes the ticket for not asserted. */
    void recalled(long position) {
        recalled.add(position);
        OwnTicket mine = own.get(position);
        if (mine == null) {
            return;
        }
        if (isOfTask(mine.ticket())) {
            // Else it is just being bound, and what becomes of it is recalled too.
            recalled.remove(position);
        }
        end(mine);
    }

    /** What is to be claimed anew was recalled, if at all, under a claim that is over. */
    void forgetRecalls(List<OwnTicket> inherited) {
        inherited.forEach(mine -> recalled.remove(mine.ticket().position()));
    }

    /** Ends those that it had under a claim that it has finished. */
    void leave(Owner task, int delivery) {
        for (OwnTicket mine : own.values()) {
            if (mine.ticket().owner().equals(task) && mine.ticket().generation() <= delivery) {
                end(mine);
            }
        }
    }

    /** The claim under which it was held is over: the ticket may be another's by now, and this session's once more later. */
    private void end(OwnTicket mine) {
        if (own.remove(mine.ticket().position(), mine)) {
            wakeups.forget(mine);
            session.tellLost(mine, LossCause.CLAIM_ENDED);
        }
    }

    /** Whether any is of that task. */
    boolean hasAnyOf(Owner task) {
        return own.values().stream().anyMatch(mine -> mine.ticket().owner().equals(task));
    }

    /** Why the session does not have a ticket; null where it has. */
    @Nullable LossCause lossOf(Ticket ticket) {
        if (session.hasEnded()) {
            return LossCause.SESSION_LOST;
        }
        LossCause cause = losses.get(ticket.position());
        OwnTicket mine = own.get(ticket.position());
        if (cause != null || (mine != null && mine.is(ticket))) {
            return cause;
        }
        return ticket.owner().kind() == Owner.Kind.TASK ? LossCause.CLAIM_ENDED : LossCause.RESET;
    }

    /** Why a ticket that is not live any more is gone. */
    LossCause causeOf(Call call, Ticket ticket) throws KeeperException {
        long position = ticket.position();
        if (session.hasEnded()) {
            return LossCause.SESSION_LOST;
        }
        LossCause known = losses.get(position);
        if (known != null) {
            return known;
        }
        if (isOfTask(ticket)) {
            OwnTicket mine = own.get(position);
            if (mine != null && mine.is(ticket)) {
                own.remove(position, mine);
            }
            return LossCause.CLAIM_ENDED;
        }
        LossCause cause = session.thefts().isRecorded(call, position) ? LossCause.STOLEN : LossCause.RESET;
        losses.putIfAbsent(position, cause);
        own.remove(position);
        return cause;
    }

    private static boolean isOfTask(Ticket ticket) {
        return ticket.owner().kind() == Owner.Kind.TASK;
    }
}
