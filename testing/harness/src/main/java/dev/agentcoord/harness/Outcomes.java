package dev.agentcoord.harness;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.DeadlockException;
import dev.agentcoord.GrantLostException;
import dev.agentcoord.NotHeldException;
import dev.agentcoord.OutcomeUnknownException;
import dev.agentcoord.SessionLostException;
import dev.agentcoord.StaleClaimException;
import dev.agentcoord.WaitTimeoutException;
import dev.agentcoord.harness.history.Call.Outcome;

/** What an exception says of the call that threw it. Stateless. */
final class Outcomes {
    private Outcomes() {}

    static Outcome of(CoordinationException e) {
        if (e instanceof WaitTimeoutException || e instanceof DeadlockException) {
            return Outcome.REFUSED;
        }
        if (e instanceof GrantLostException
                || e instanceof NotHeldException
                || e instanceof StaleClaimException
                || e instanceof SessionLostException) {
            return Outcome.LOST;
        }
        return e instanceof OutcomeUnknownException ? Outcome.UNKNOWN : Outcome.FAILED;
    }
}
