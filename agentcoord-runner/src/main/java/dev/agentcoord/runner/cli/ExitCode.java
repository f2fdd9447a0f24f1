package dev.agentcoord.runner.cli;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.DeadlockException;
import dev.agentcoord.GrantLostException;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.LimitExceededException;
import dev.agentcoord.PoolMismatchException;
import dev.agentcoord.SessionClosedException;
import dev.agentcoord.SessionLostException;
import dev.agentcoord.StaleClaimException;
import dev.agentcoord.StaleTokenException;
import dev.agentcoord.WaitTimeoutException;

/** What the commands return to their caller. */
final class ExitCode {
    static final int OK = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int CONFLICT = 3;
    static final int LOST = 4;
    static final int TIMED_OUT = 75;

    private ExitCode() {}

    static int of(CoordinationException e) {
        if (e instanceof InvalidRequestException
                || e instanceof LimitExceededException
                || e instanceof PoolMismatchException) {
            return USAGE;
        }
        if (e instanceof DeadlockException) {
            return CONFLICT;
        }
        if (e instanceof WaitTimeoutException) {
            return TIMED_OUT;
        }
        boolean lost = e instanceof SessionLostException
                || e instanceof SessionClosedException
                || e instanceof GrantLostException
                || e instanceof StaleClaimException
                || e instanceof StaleTokenException;
        return lost ? LOST : FAILED;
    }
}
