package dev.agentcoord;

import java.time.Instant;
import java.util.List;

/**
 * One live ticket as others see it: who, what, why, since when, held or waiting. A snapshot, immutable.
 *
 * @param id names the ticket
 * @param owner the session that asked, with its agent, user, host and tmux target; for a task's ticket the session that claims the task,
 *     or while none does {@link #PARKED}
 * @param task the task it belongs to as {@code queue/id}; empty when it is the session's own
 * @param request items, modes, permits and reason
 * @param token what the grant carries, or will carry
 * @param granted whether it is held; else it waits
 * @param since when it was asked for, by the asker's wall clock; for people only
 * @param blockers tickets it waits for, earliest first, so their number is its place in line; empty when granted
 * @param waiters tickets that wait for it, earliest first
 */
public record LockInfo(
        TicketId id,
        SessionInfo owner,
        String task,
        LockRequest request,
        FencingToken token,
        boolean granted,
        Instant since,
        List<TicketId> blockers,
        List<TicketId> waiters) {
    /** Owner of the tickets of tasks that nobody claims at the moment: no session, but an agent's name to show. */
    public static final SessionInfo PARKED = new SessionInfo(
            new SessionId("0".repeat(26)), Participant.named("parked"), "", "", "", 0, Instant.EPOCH, 0);

    /** Copies the lists. */
    public LockInfo {
        blockers = List.copyOf(blockers);
        waiters = List.copyOf(waiters);
    }
}
