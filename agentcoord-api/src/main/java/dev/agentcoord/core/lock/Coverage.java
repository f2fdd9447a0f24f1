package dev.agentcoord.core.lock;

import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Mode;
import dev.agentcoord.Pool;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an owner's own granted tickets already give of a new request (re-entrancy is by owner, not by thread). An item is covered by one
 * ticket that holds all of it, EXCLUSIVE for either mode, SHARED for SHARED. Permits are counted, so they are always asked for anew.
 *
 * @param covered each covered item and the earliest ticket that covers it, whose token it has
 * @param rest what a new ticket has to ask for, with the request's reason; empty when nothing is left
 */
public record Coverage(Map<Item, Ticket> covered, LockRequest rest) {
    /** Makes the map immutable. */
    public Coverage {
        covered = Collections.unmodifiableMap(covered);
    }

    /**
     * Compares a request with the owner's own granted tickets, given in any order.
     *
     * @throws InvalidRequestException if it asks EXCLUSIVE for what the owner holds SHARED: two who did so would wait for each other
     */
    public static Coverage of(Collection<Ticket> own, LockRequest wanted) {
        if (own.isEmpty()) {
            return new Coverage(Map.of(), wanted);
        }
        TicketTable table = new TicketTable();
        own.forEach(table::add);
        return of(table, wanted);
    }

    /** As {@link #of(Collection, LockRequest)}, for an owner of many tickets: the table holds these alone, and is kept by the caller. */
    public static Coverage of(TicketTable own, LockRequest wanted) {
        Map<Item, Ticket> covered = new LinkedHashMap<>();
        List<Item> exclusive = new ArrayList<>();
        List<Item> shared = new ArrayList<>();
        for (Want want : own.wantsOf(wanted)) {
            Ticket cover = own.coverOf(want);
            if (cover != null) {
                covered.put(want.item(), cover);
            } else if (want.mode() == Mode.EXCLUSIVE) {
                requireNoUpgrade(own, want);
                exclusive.add(want.item());
            } else {
                shared.add(want.item());
            }
        }
        return new Coverage(covered, covered.isEmpty() ? wanted : rest(wanted, exclusive, shared));
    }

    private static LockRequest rest(LockRequest wanted, List<Item> exclusive, List<Item> shared) {
        LockRequest rest = LockRequest.exclusive(exclusive.toArray(Item[]::new))
                .andShared(shared.toArray(Item[]::new))
                .reason(wanted.reason());
        for (Map.Entry<Pool, Integer> permits : wanted.permits().entrySet()) {
            rest = rest.andPermits(permits.getKey(), permits.getValue());
        }
        return rest;
    }

    private static void requireNoUpgrade(TicketTable own, Want want) {
        Ticket shared = own.sharedOverlapOf(want);
        if (shared != null) {
            throw new InvalidRequestException(
                    want.item(),
                    "cannot take " + want.item() + " exclusively over your own shared hold (ticket " + shared.id()
                            + ": " + shared.wants() + "); release it first, then ask for it exclusively");
        }
    }
}
