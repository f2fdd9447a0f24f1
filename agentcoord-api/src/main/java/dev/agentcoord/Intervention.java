package dev.agentcoord;

import dev.agentcoord.core.Canonical;
import dev.agentcoord.core.Limits;
import java.time.Instant;

/**
 * What somebody did about another's ticket, and why: asked for its release, took it, or gave it up for a parked task. Immutable.
 *
 * @param kind which of them
 * @param ticket the ticket concerned
 * @param what it asked for, as text for people
 * @param holder agent's name of the session it belonged to; of {@link LockInfo#PARKED} where it was a parked task's
 * @param by the session that did it
 * @param agent what that session calls itself
 * @param developer its operating-system user, from the kernel where the store is a file system
 * @param reason why; never empty
 * @param at by its wall clock; for people only
 */
public record Intervention(
        Kind kind,
        TicketId ticket,
        String what,
        String holder,
        SessionId by,
        String agent,
        String developer,
        String reason,
        Instant at) {
    /** What can be done about another's ticket: a polite question that changes nothing, or an end of the hold, which its owner is told. */
    public enum Kind {
        /** It was asked for politely; nothing changed. */
        RELEASE_REQUESTED,
        /** It was broken. */
        STOLEN,
        /** Its task had been without a claimer for longer than its locks may be parked, so whoever they blocked gave them up. */
        GIVEN_UP
    }

    /** Validates; throws {@link InvalidRequestException} for a bad name and for text that is not one printable line. */
    public Intervention {
        agent = Canonical.agentName(agent);
        holder = Canonical.agentName(holder);
        what = Limits.reason(what);
        reason = Limits.reason(reason);
    }

    /** Who and why, in one line. */
    @Override
    public String toString() {
        return "by " + agent + " of user " + developer + ": " + reason;
    }
}
