package dev.agentcoord.core.lock;

import dev.agentcoord.FencingToken;
import dev.agentcoord.LossCause;
import java.util.List;

/** What the facts say about one ticket at one moment: granted, blocked by others, or gone. Immutable; a later look may say otherwise. */
public sealed interface Verdict {
    /**
     * It is first among those it conflicts with.
     *
     * @param token what the grant carries
     */
    record Granted(FencingToken token) implements Verdict {}

    /**
     * Earlier tickets of other owners stand in the way.
     *
     * @param by those tickets, earliest first, at least one; of one of another session that a ticket waits for only owner and items are
     *     sure, where the rest would have to be asked for
     */
    record Blocked(List<Ticket> by) implements Verdict {
        /** Copies the list. */
        public Blocked {
            by = List.copyOf(by);
        }
    }

    /**
     * It is no longer among the live tickets.
     *
     * @param cause why
     */
    record Gone(LossCause cause) implements Verdict {}
}
