package dev.agentcoord.harness.history;

import dev.agentcoord.FencingToken;
import dev.agentcoord.LockRequest;
import org.jspecify.annotations.Nullable;

/**
 * The story of one lock request: asked for, perhaps granted, checked while held, and given up.
 *
 * @param life the session that asked
 * @param request what it asked for
 * @param acquire the call that asked
 * @param token of the grant; null when not granted
 * @param checked when the latest check that succeeded was begun; the end of {@code acquire} when there was none
 * @param release the call that gave it up; null when there was none
 */
public record Attempt(
        Life life,
        LockRequest request,
        Call acquire,
        @Nullable FencingToken token,
        long checked,
        @Nullable Call release) {

    boolean isGranted() {
        return acquire.succeeded() && token != null;
    }

    boolean isLost() {
        return acquire.outcome() == Call.Outcome.LOST || (release != null && release.outcome() == Call.Outcome.LOST);
    }

    /** From when its agent relies on it. */
    long assertedFrom() {
        return acquire.completed();
    }

    /**
     * Until when its agent certainly relies on it: until it begins to give it up, or dies; but a grant that was lost only until the
     * beginning of the last check that succeeded.
     */
    long assertedUntil() {
        if (isLost()) {
            return checked;
        }
        return release == null ? Math.max(checked, life.aliveUntil()) : release.invoked();
    }

    /** From when it certainly stands in nobody's way, {@code grace} nanoseconds after its agent's death at the latest. */
    long goneBy(long grace) {
        long atDeath = life.wasKilled() ? life.deadSince() + grace : Call.NEVER;
        Call last = acquire.succeeded() ? release : acquire;
        return last == null || !last.isSettled() ? atDeath : Math.min(atDeath, last.completed());
    }

    /** As one that was stolen, if its agent did not live to learn of that. */
    Attempt afterTheft() {
        boolean settled = release != null && release.isSettled();
        Call loss = new Call(checked, Call.NEVER, Call.Outcome.LOST);
        return settled ? this : new Attempt(life, request, acquire, token, checked, loss);
    }

    boolean isOfAnotherThan(Attempt other) {
        return !life.equals(other.life);
    }

    @Override
    public String toString() {
        return life + " " + request + " token " + token + " asked at " + acquire.invoked() + ", held from "
                + assertedFrom() + " to " + assertedUntil();
    }
}
