package dev.agentcoord.engine;

import dev.agentcoord.FencingToken;
import dev.agentcoord.Grant;
import dev.agentcoord.LockRequest;
import dev.agentcoord.LossCause;
import dev.agentcoord.core.lock.Coverage;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.TicketTable;
import dev.agentcoord.spi.TicketStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What one session holds, its own and that of the tasks it claims: each ticket once, shared by all grants it covers, kept until the last of them is released or
 * until it is found lost. Thread-safe.
 */
final class Holdings {
    /** So many tickets are looked at one by one: to ask whether anything has changed would be another look. */
    private static final int FEW = 2;

    private final TicketStore store;
    private final Life life;
    private final List<Holding> held = new CopyOnWriteArrayList<>();
    private final Map<Owner, TicketTable> tables = new HashMap<>();
    private final Set<Holding> unindexed = new LinkedHashSet<>();
    /** What the store answered before all that are held were last looked at. */
    private volatile @Nullable Object foundSafe;
    /** How often something was added. */
    private volatile long additions;
    /** Tasks whose claimer is about to end its claim, each with the grants that were found void since. */
    private final Map<Owner, Set<HeldGrant>> finishing = new HashMap<>();

    Holdings(TicketStore store, Life life) {
        this.store = store;
        this.life = life;
    }

    /** Rests the grant on what its owner already has of its request; returns what is left to be asked for. */
    synchronized LockRequest cover(HeldGrant grant, Owner owner) {
        if (held.isEmpty()) {
            return grant.request();
        }
        unindexed.forEach(holding -> tableOf(holding.ticket()).add(holding.ticket()));
        unindexed.clear();
        TicketTable table = tables.get(owner);
        if (table == null) {
            return grant.request();
        }
        Coverage coverage = Coverage.of(table, grant.request().withoutClaim());
        coverage.covered().forEach((item, ticket) -> {
            Holding holding = holdingOf(ticket);
            grant.rest(holding, Set.of(item));
            holding.grants().add(grant);
        });
        return grant.request().claim().map(coverage.rest()::under).orElse(coverage.rest());
    }

    private TicketTable tableOf(Ticket ticket) {
        return tables.computeIfAbsent(ticket.owner(), owner -> new TicketTable());
    }

    /** Rests the grant on a ticket just granted for the part of its request that nothing covered. */
    synchronized void add(HeldGrant grant, Ticket ticket, FencingToken token) {
        Holding holding = new Holding(ticket, token);
        holding.grants().add(grant);
        held.add(holding);
        unindexed.add(holding);
        foundSafe = null;
        additions++;
        grant.rest(holding, ticket.wants().items().keySet());
    }

    /** Takes the grant off what it rests on; returns the tickets that nothing rests on any more. */
    synchronized List<Ticket> drop(HeldGrant grant) {
        List<Ticket> unused = new ArrayList<>(1);
        for (Holding holding : held) {
            if (holding.grants().remove(grant) && holding.grants().isEmpty()) {
                forget(holding);
                unused.add(holding.ticket());
            }
        }
        return unused;
    }

    /** The grants that rest on tickets of an owner, in the order of those. */
    synchronized List<Grant> of(Owner owner) {
        return held.stream()
                .filter(holding -> holding.ticket().owner().equals(owner))
                .sorted(Comparator.comparing(Holding::ticket))
                .flatMap(holding -> holding.grants().stream())
                .<Grant>map(grant -> grant)
                .distinct()
                .toList();
    }

    /** Puts the ticket that a bound one has become in its place, under all grants that rest on it. */
    synchronized void rebind(Holding before, Ticket bound, FencingToken token) {
        if (held.contains(before)) {
            Holding after = new Holding(bound, token);
            after.grants().addAll(before.grants());
            held.add(after);
            unindexed.add(after);
            foundSafe = null;
            additions++;
            after.grants().forEach(grant -> grant.rebase(before, after));
            forget(before);
        }
    }

    /** From now on it is no loss when the tickets of a task are void: its claimer itself finishes the claim. */
    synchronized void beginEnd(Owner task) {
        finishing.put(task, new LinkedHashSet<>());
    }

    /** The claim was finished, or it was not: then what is void is lost after all. */
    synchronized void endOf(Owner task, boolean finished) {
        if (finished) {
            Loss over = new Loss(LossCause.CLAIM_ENDED, null);
            held.stream()
                    .filter(holding -> holding.ticket().owner().equals(task))
                    .forEach(holding -> lose(holding, over));
        }
        Set<HeldGrant> ended = finishing.remove(task);
        if (!finished && ended != null) {
            ended.forEach(HeldGrant::lostAfterAll);
        }
    }

    /** Tells the grants of every ticket that the store says is lost; local, microseconds. */
    void findLosses() {
        findLosses(List.of());
    }

    /** The same, looking at some in any case: to whoever relies on these the word that nothing has changed is not enough. */
    void findLosses(Collection<Holding> reliedOn) {
        long before = additions;
        Object standing = held.size() > FEW && !life.isLost() ? store.standing() : null;
        if (standing != null && standing.equals(foundSafe)) {
            reliedOn.forEach(this::look);
        } else {
            held.forEach(this::look);
            if (standing != null) {
                rememberSafe(standing, before);
            }
        }
    }

    /** Unless something was added that was not looked at. */
    private synchronized void rememberSafe(Object standing, long before) {
        if (additions == before) {
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
        tables.clear();
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
            Set<HeldGrant> ended = loss.cause() == LossCause.CLAIM_ENDED
                    ? finishing.get(holding.ticket().owner())
                    : null;
            holding.grants().forEach(grant -> grant.markLost(loss, ended != null));
            if (ended != null) {
                ended.addAll(holding.grants());
            }
            forget(holding);
        }
    }

    private void forget(Holding holding) {
        if (!unindexed.remove(holding)) {
            TicketTable table = tableOf(holding.ticket());
            table.remove(holding.ticket().position());
            if (table.size() == 0) {
                tables.remove(holding.ticket().owner());
            }
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
