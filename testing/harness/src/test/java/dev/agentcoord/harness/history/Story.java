package dev.agentcoord.harness.history;

import dev.agentcoord.FencingToken;
import dev.agentcoord.LockRequest;
import dev.agentcoord.harness.history.Call.Outcome;
import org.jspecify.annotations.Nullable;

/** Tells what one agent did with one request, at small made-up times. */
final class Story {
    private static final long DURATION = 1;

    private final Life life;
    private final LockRequest request;
    private long asked;
    private long granted;
    private long checked;

    private Story(Life life, LockRequest request) {
        this.life = life;
        this.request = request;
    }

    static Story of(String agent, LockRequest request) {
        return of(Life.ended(agent), request);
    }

    static Story of(Life life, LockRequest request) {
        return new Story(life, request);
    }

    Story asks(long at) {
        asked = at;
        return this;
    }

    Story isGranted(long at) {
        granted = at;
        checked = at;
        return this;
    }

    Story checks(long at) {
        checked = at;
        return this;
    }

    Attempt releases(long at, int token) {
        return ends(token, new Call(at, at + DURATION, Outcome.OK));
    }

    Attempt learnsOfItsLoss(long at, int token) {
        return ends(token, new Call(at, at + DURATION, Outcome.LOST));
    }

    /** Only for one that is killed. */
    Attempt neverReleases(int token) {
        return ends(token, null);
    }

    Attempt failsToRelease(long at, int token) {
        return ends(token, new Call(at, at + DURATION, Outcome.FAILED));
    }

    Attempt fails(long at) {
        return new Attempt(life, request, new Call(asked, at, Outcome.FAILED), null, at, null);
    }

    Attempt isRefused(long at) {
        return new Attempt(life, request, new Call(asked, at, Outcome.REFUSED), null, at, null);
    }

    Attempt neverHearsMore() {
        return new Attempt(life, request, Call.unanswered(asked), null, Call.NEVER, null);
    }

    private Attempt ends(int token, @Nullable Call release) {
        Call acquire = new Call(asked, granted, Outcome.OK);
        return new Attempt(life, request, acquire, new FencingToken(1, token, 0), checked, release);
    }
}
