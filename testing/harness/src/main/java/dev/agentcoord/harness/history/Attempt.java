package dev.agentcoord.harness.history;

import dev.agentcoord.FencingToken;
import dev.agentcoord.LockRequest;
import java.time.Duration;
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

    /** Whether its agent ever relied on it. */
    public boolean isGranted() {
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

    /** Whether there is any moment at which its agent certainly relied on it. */
    boolean isAsserted() {
        return !isLost() || assertedUntil() > assertedFrom();
    }

    /** From when it certainly stands in nobody's way. What a call that failed has left is taken away without being asked. */
    long goneBy(LockPromise promise) {
        long atDeath = later(life.deadSince(), promise.grace());
        Call last = acquire.succeeded() ? release : acquire;
        if (last == null) {
            return atDeath;
        }
        Duration after = last.isSettled() ? promise.removal() : promise.grace();
        return Math.min(atDeath, later(last.completed(), after));
    }

    private static long later(long time, Duration by) {
        return time == Call.NEVER ? time : time + by.toNanos();
    }

    /** As one that was lost, if its agent did not live to learn of that. */
    Attempt afterLoss() {
        boolean settled = release != null && release.isSettled();
        return settled ? this : lostUnheard();
    }

    /** As one that was lost before its agent gave it up. */
    public Attempt lostUnheard() {
        Call loss = new Call(checked, Call.NEVER, Call.Outcome.LOST);
        return new Attempt(life, request, acquire, token, checked, loss);
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
