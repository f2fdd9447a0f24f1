package dev.agentcoord.zk;

import dev.agentcoord.core.Moment;
import dev.agentcoord.core.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Until when a session is certainly still known to the ensemble. ZooKeeper's leader forgets a session one ttl after it last heard of it.
 * An acknowledged write does not prove that the leader has just heard: a follower passes the news on with its next ping. But it does
 * prove that the news of what was sent a fifth of the ttl before has arrived, since a ttl is at least five ticks and the two travel in
 * order. So one ttl runs from that older heartbeat's sending, less a tenth for the clocks' different speeds. Thread-safe.
 */
final class SafeDeadline {
    private final Duration ttl;
    private final TimeSource time;
    /** Acknowledged heartbeats by sending time; the first is the one that counts, each later one is too young to. */
    private final Deque<Moment> acknowledged = new ArrayDeque<>();

    /** Runs from the moment before the session was made, which the leader itself does. */
    SafeDeadline(Duration ttl, Moment begun, TimeSource time) {
        this.ttl = ttl;
        this.time = time;
        acknowledged.add(begun);
    }

    /** How long to wait from one heartbeat to the next: no longer than needed for the older of two to count. */
    Duration heartbeat() {
        return ttl.dividedBy(5);
    }

    /** A heartbeat sent at that moment was acknowledged; call it in the order of sending. */
    synchronized void acknowledged(Moment sent) {
        acknowledged.addLast(sent);
        Moment counts = acknowledged.getFirst();
        for (Moment older : acknowledged) {
            if (older.until(sent).compareTo(heartbeat()) >= 0) {
                counts = older;
            }
        }
        while (!acknowledged.getFirst().equals(counts)) {
            acknowledged.removeFirst();
        }
    }

    /** For how long from now every hold is guaranteed, by the clock that ran further; zero when it is not. */
    synchronized Duration safeFor() {
        Duration left =
                ttl.minus(ttl.dividedBy(10)).minus(acknowledged.getFirst().longestUntil(Moment.now(time)));
        return left.isNegative() ? Duration.ZERO : left;
    }

    /**
     * Whether one ttl has passed since the last acknowledged heartbeat was sent. On the monotonic clock alone: a wall clock that was set
     * is a reason to ask the ensemble again, not to give up.
     */
    synchronized boolean isOver() {
        return acknowledged.getLast().until(Moment.now(time)).compareTo(ttl) >= 0;
    }
}
