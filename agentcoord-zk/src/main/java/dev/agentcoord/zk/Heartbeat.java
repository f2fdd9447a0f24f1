package dev.agentcoord.zk;

import dev.agentcoord.SessionStatus;
import dev.agentcoord.core.Moment;
import dev.agentcoord.zk.Requests.Listing;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;

/**
 * Keeps a session and its certainty. Each beat writes the record, then reads what others want of the session and whether its tickets are
 * there; only when all that was taken to heart does it count. So whoever is certain has heard of every theft older than one ttl. All on
 * the session's own thread.
 */
final class Heartbeat {
    /** How often a session looks at the clocks within one ttl. */
    private static final int REVIEWS = 20;

    private final ZkStoreSession session;
    private final Connection connection;
    private final Standing standing;
    private final SafeDeadline deadline;
    private Moment lastBeat;

    Heartbeat(ZkStoreSession session, Standing standing, SafeDeadline deadline) {
        this.session = session;
        this.connection = session.connection();
        this.standing = standing;
        this.deadline = deadline;
        this.lastBeat = connection.begun();
    }

    /** Its repeated review ends with the connection. */
    void start() {
        connection.onTransport(this::transportChanged);
        Duration pause = session.ttl().dividedBy(REVIEWS);
        connection.worker().repeat(this::review, pause);
        connection.worker().execute(this::beat);
    }

    private void transportChanged(boolean connected) {
        if (!connected) {
            standing.disconnected();
        } else if (!standing.hasEnded()) {
            beat();
        }
    }

    private void review() {
        if (!connection.isAlive() || connection.sessionTimeout().compareTo(session.ttl()) < 0) {
            standing.lost();
        }
        standing.review();
        if (standing.told() == SessionStatus.LOST) {
            connection.closeNow();
        } else if (!standing.hasEnded() && lastBeat.longestUntil(now()).compareTo(deadline.heartbeat()) >= 0) {
            beat();
        }
    }

    /** Sent back to back, so that the reads show whatever was committed before the write. */
    private void beat() {
        Moment sent = now();
        lastBeat = sent;
        CompletableFuture<Stat> written = connection
                .own()
                .write(session.record().path(), session.record().bytes())
                .thenApply(this::stamped);
        CompletableFuture<Listing> noted = session.notes().list();
        CompletableFuture<List<String>> missing =
                Batches.missing(connection.own(), session.tickets().own().paths());
        var unused = CompletableFuture.allOf(written, noted, missing)
                .whenComplete((all, failure) -> connection.worker().execute(() -> {
                    if (failure == null) {
                        answered(sent, noted.join(), missing.join());
                    } else {
                        failed(written);
                    }
                }));
    }

    /** At once, since a stamp is worth the less the later it is taken. */
    private Stat stamped(Stat written) {
        session.clock().learn(written.getMtime());
        return written;
    }

    private void answered(Moment sent, Listing noted, List<String> missing) {
        session.notes().hear(noted.names());
        session.tickets().own().missing(missing);
        standing.acknowledged(sent);
    }

    /** Where only the reads failed nothing is lost, and nothing gained. */
    private void failed(CompletableFuture<Stat> written) {
        KeeperException.Code code =
                written.handle((stat, failure) -> code(failure)).join();
        switch (code) {
            case OK -> standing.review();
            case NONODE, SESSIONEXPIRED -> standing.lost();
            default -> {
                if (!connection.isConnected()) {
                    standing.disconnected();
                }
                standing.review(); // Not allowed, or a server in trouble: without an answer the deadline decides.
            }
        }
    }

    private static KeeperException.Code code(@org.jspecify.annotations.Nullable Throwable failure) {
        if (failure == null) {
            return KeeperException.Code.OK;
        }
        return Failures.unwrapped(failure) instanceof KeeperException e ? e.code() : KeeperException.Code.SYSTEMERROR;
    }

    private Moment now() {
        return Moment.now(session.space().time());
    }
}
