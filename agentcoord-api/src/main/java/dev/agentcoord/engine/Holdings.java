package dev.agentcoord.engine;

import dev.agentcoord.FencingToken;
import dev.agentcoord.LockRequest;
import dev.agentcoord.LossCause;
import dev.agentcoord.core.lock.Coverage;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.TicketTable;
import dev.agentcoord.spi.TicketStore;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What one session holds: each ticket once, shared by all grants it covers (contract L5), kept until the last of them is released or
 * until it is found lost. Thread-safe.
 */
final class Holdings {
    /** So many tickets are looked at one by one: to ask whether anything has changed would be another look. */
    private static final int FEW = 2;

    private final TicketStore store;
    private final Life life;
    private final List<Holding> held = new CopyOnWriteArrayList<>();
    private final TicketTable table = new TicketTable();
    private final Set<Holding> unindexed = new LinkedHashSet<>();
    /** What the store answered before all were last looked at. */
    private volatile @Nullable Object foundSafe;

    Holdings(TicketStore store, Life life) {
        this.store = store;
        this.life = life;
    }

    /** Rests the grant on what already covers its request; returns what is left to be asked for. */
    synchronized LockRequest cover(HeldGrant grant) {
        if (held.isEmpty()) {
            return grant.request();
        }
        unindexed.forEach(holding -> table.add(holding.ticket()));
        unindexed.clear();
        Coverage coverage = Coverage.of(table, grant.request());
        coverage.covered().forEach((item, ticket) -> {
            Holding holding = holdingOf(ticket);
            grant.rest(holding, Set.of(item));
            holding.grants().add(grant);
        });
        return coverage.rest();
    }

    /** Rests the grant on a ticket just granted for the part of its request that nothing covered. */
    synchronized void add(HeldGrant grant, Ticket ticket, FencingToken token) {
        Holding holding = new Holding(ticket, token);
        holding.grants().add(grant);
        held.add(holding);
        unindexed.add(holding);
        grant.rest(holding, ticket.wants().items().keySet());
    }

    /** Takes the grant off what it rests on; returns the tickets that nothing rests on any more. */
    synchronized List<Ticket> drop(HeldGrant grant) {
        List<Holding> unused = held.stream()
                .filter(holding -> holding.grants().remove(grant))
                .filter(holding -> holding.grants().isEmpty())
                .toList();
        unused.forEach(this::forget);
        return unused.stream().map(Holding::ticket).toList();
    }

    /** Tells the grants of every ticket that the store says is lost; local, microseconds. */
    void findLosses() {
        findLosses(List.of());
    }

    /** The same, looking at some in any case: to whoever relies on these the word that nothing has changed is not enough. */
    void findLosses(Collection<Holding> reliedOn) {
        Object standing = held.size() > FEW && !life.isLost() ? store.standing() : null;
        if (standing != null && standing.equals(foundSafe)) {
            reliedOn.forEach(this::look);
        } else {
            held.forEach(this::look);
            foundSafe = standing;
        }
    }

    /** The same, but for one ticket on which the store has only just decided. */
    void findOtherLosses(@Nullable Ticket decided) {
        for (Holding holding : held) {
            if (!isSame(holding, decided)) {
                look(holding);
            }
        }
    }

    private void look(Holding holding) {
        Loss loss = lossOf(holding);
        if (loss != null) {
            lose(holding, loss);
        }
    }

    private static boolean isSame(Holding holding, @Nullable Ticket ticket) {
        return ticket != null && ticket.position() == holding.ticket().position();
    }

    /** Ends every grant as released, when the session is closed by its owner. */
    synchronized void releaseAll() {
        held.forEach(holding -> holding.grants().forEach(HeldGrant::markReleased));
        held.clear();
        unindexed.clear();
        table.clear();
    }

    boolean isEmpty() {
        return held.isEmpty();
    }

    private @Nullable Loss lossOf(Holding holding) {
        return life.isLost() ? new Loss(LossCause.SESSION_LOST, null) : Loss.of(store, holding.ticket());
    }

    private synchronized void lose(Holding holding, Loss loss) {
        // In this order: who no longer finds the holding here also finds its loss among the events to wait for.
        if (held.contains(holding)) {
            holding.grants().forEach(grant -> grant.markLost(loss));
            forget(holding);
        }
    }

    private void forget(Holding holding) {
        if (!unindexed.remove(holding)) {
            table.remove(holding.ticket().position());
        }
        held.remove(holding);
    }

    private Holding holdingOf(Ticket ticket) {
        return held.stream()
                .filter(holding -> holding.ticket().equals(ticket))
                .findFirst()
                .orElseThrow();
    }
}
