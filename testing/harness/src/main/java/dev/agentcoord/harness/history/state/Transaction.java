package dev.agentcoord.harness.history.state;

import dev.agentcoord.harness.history.Call;
import dev.agentcoord.harness.history.Life;
import java.util.List;

/**
 * One call on the shared state, whether it touched one key or several, at one moment between its beginning and its end.
 *
 * @param life the session that called
 * @param call when and how; one that may have failed never ended
 * @param touches what it did, at most one for each key
 */
public record Transaction(Life life, Call call, List<Touch> touches) {
    /** Copies its parts. */
    public Transaction {
        touches = List.copyOf(touches);
    }

    /** Whether it certainly happened. */
    boolean isCertain() {
        return call.outcome() == Call.Outcome.OK || call.outcome() == Call.Outcome.REFUSED;
    }

    boolean writes() {
        return touches.stream().anyMatch(Touch::isWrite);
    }

    /** When it had certainly had its effect. */
    long completed() {
        return isCertain() ? call.completed() : Call.NEVER;
    }

    @Override
    public String toString() {
        return life + " " + call.invoked() + ".." + call.completed() + " " + call.outcome() + " " + touches;
    }
}
