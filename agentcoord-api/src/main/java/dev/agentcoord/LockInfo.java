package dev.agentcoord;

import java.time.Instant;
import java.util.List;

/**
 * One live ticket as others see it: who, what, why, since when, held or waiting. A snapshot, immutable.
 *
 * @param id names the ticket
 * @param owner the session that asked
 * @param request items, modes, permits and reason
 * @param token what the grant carries, or will carry
 * @param granted whether it is held; else it waits
 * @param since when it was asked for, by the asker's wall clock; for people only
 * @param blockers tickets it waits for, earliest first; empty when granted
 */
public record LockInfo(
        TicketId id,
        SessionInfo owner,
        LockRequest request,
        FencingToken token,
        boolean granted,
        Instant since,
        List<TicketId> blockers) {
    /** Copies the list. */
    public LockInfo {
        blockers = List.copyOf(blockers);
    }
}
