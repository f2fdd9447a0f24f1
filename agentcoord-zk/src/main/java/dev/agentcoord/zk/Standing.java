package dev.agentcoord.zk;

import dev.agentcoord.SessionStatus;
import dev.agentcoord.core.Moment;
import dev.agentcoord.spi.StoreEvents;
import java.time.Duration;

/**
 * Where one session stands, and who is told: CONNECTED and SUSPENDED change back and forth, LOST and CLOSED are told once and final.
 * All but the getters are called on the session's own thread, which puts the events in order.
 */
final class Standing {
    private final SafeDeadline deadline;
    private final StoreEvents events;
    private volatile boolean ended;
    private volatile SessionStatus status = SessionStatus.CONNECTED;

    Standing(SafeDeadline deadline, StoreEvents events) {
        this.deadline = deadline;
        this.events = events;
    }

    /** For how long every hold is guaranteed from now; zero once ended. */
    Duration safeFor() {
        return hasEnded() ? Duration.ZERO : deadline.safeFor();
    }

    /** Whether it is LOST or CLOSED, told of or not yet. */
    boolean hasEnded() {
        return ended;
    }

    /** As it was told: the end is told before it shows here. */
    SessionStatus told() {
        return status;
    }

    /** The transport says that it is not connected. */
    void disconnected() {
        change(SessionStatus.SUSPENDED);
    }

    /** The ensemble acknowledged a heartbeat sent at that moment. */
    void acknowledged(Moment sent) {
        deadline.acknowledged(sent);
        change(deadline.safeFor().isZero() ? SessionStatus.SUSPENDED : SessionStatus.CONNECTED);
    }

    /** Time has passed. */
    void review() {
        if (deadline.isOver()) {
            change(SessionStatus.LOST);
        } else if (deadline.safeFor().isZero()) {
            change(SessionStatus.SUSPENDED);
        }
    }

    /** The ensemble says that the session is no more. */
    void lost() {
        change(SessionStatus.LOST);
    }

    /** Its owner ends it. */
    void closed() {
        change(SessionStatus.CLOSED);
    }

    private void change(SessionStatus next) {
        if (ended || status == next) {
            return;
        }
        ended = next == SessionStatus.LOST || next == SessionStatus.CLOSED;
        events.status(next);
        status = next;
    }
}
