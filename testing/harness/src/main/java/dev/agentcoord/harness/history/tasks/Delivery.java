package dev.agentcoord.harness.history.tasks;

import dev.agentcoord.FencingToken;
import dev.agentcoord.harness.history.Call;
import dev.agentcoord.harness.history.Life;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One delivery of a task and what its claimer did with it.
 *
 * @param life the session that claimed it
 * @param claim the call that did
 * @param queue it was claimed from
 * @param id of the task
 * @param attempt that the claimer was told
 * @param token of the claim; its generation is the delivery's number
 * @param finishes in the order tried
 * @param close the call that closed the session; null where it never did
 */
public record Delivery(
        Life life,
        Call claim,
        String queue,
        String id,
        int attempt,
        FencingToken token,
        List<Finish> finishes,
        @Nullable Call close) {
    /** Copies its parts. */
    public Delivery {
        finishes = List.copyOf(finishes);
    }

    int number() {
        return token.generation();
    }

    /** Until when nobody but its claimer can have ended it: the claimer's first finish that counts, else its death or its close. */
    long heldUntil() {
        long sessionUntil = Math.min(life.aliveUntil(), close == null ? Call.NEVER : close.invoked());
        long until = accepted() == null ? sessionUntil : Call.NEVER;
        for (Finish each : finishes) {
            if (each.call().mayHaveSucceeded()) {
                until = Math.min(until, each.call().invoked());
            }
        }
        return until;
    }

    /** From when it is certainly over, {@code grace} nanoseconds after its claimer's death at the latest. */
    long overBy(long grace) {
        long by = life.wasKilled() ? life.deadSince() + grace : Call.NEVER;
        long closed = close == null ? Call.NEVER : close.completed();
        by = Math.min(by, life.isUncertain() && closed != Call.NEVER ? closed + grace : closed);
        Finish accepted = accepted();
        return accepted == null ? by : Math.min(by, accepted.call().completed());
    }

    /** The finish that was accepted; null when none certainly was. */
    @Nullable Finish accepted() {
        return finishes.stream()
                .filter(each -> each.call().succeeded())
                .findFirst()
                .orElse(null);
    }

    /** Whether a finish may have been accepted that makes this of the task. */
    boolean mayHave(Finish.Way way) {
        return finishes.stream()
                .anyMatch(each -> each.way() == way && each.call().mayHaveSucceeded());
    }

    /** Whether its claimer may have left without finishing it. */
    boolean mayBeAbandoned() {
        return accepted() == null && (life.wasKilled() || close != null);
    }

    @Override
    public String toString() {
        return queue + "/" + id + " delivery " + number() + " attempt " + attempt + " to " + life + " from "
                + claim.invoked() + ".." + claim.completed() + " " + finishes;
    }
}
