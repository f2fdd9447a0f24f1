package dev.agentcoord.harness;

import dev.agentcoord.Session;
import dev.agentcoord.SessionStatus;
import java.util.concurrent.atomic.AtomicInteger;

/** Whether a session was suspended at some moment, while which nothing is granted though nobody is in the way. Thread-safe. */
final class Doubt {
    private final Session session;
    private final AtomicInteger suspensions = new AtomicInteger();

    private Doubt(Session session) {
        this.session = session;
    }

    static Doubt of(Session session) {
        Doubt doubt = new Doubt(session);
        var unused = session.onStatus(doubt::tell);
        return doubt;
    }

    private void tell(SessionStatus status) {
        if (status == SessionStatus.SUSPENDED) {
            suspensions.incrementAndGet();
        }
    }

    /** A moment to ask about later. */
    int now() {
        return suspensions.get();
    }

    /** Whether there was any since then. */
    boolean since(int moment) {
        return suspensions.get() != moment
                || session.status() != SessionStatus.CONNECTED
                || session.safeFor().isZero();
    }
}
