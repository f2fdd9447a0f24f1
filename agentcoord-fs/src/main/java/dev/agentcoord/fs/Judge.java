package dev.agentcoord.fs;

import dev.agentcoord.Liveness;
import dev.agentcoord.SessionId;
import dev.agentcoord.SessionInfo;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.engine.ThisProcess;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says of a session what can be proven. Death is proven by another boot, or in the same pid namespace by all its processes being
 * gone; silence alone proves nothing. Only a session that chose a ttl can die of silence, where no proof is possible: its heartbeat
 * unchanged for one ttl on this process's own monotonic clock. Thread-safe.
 */
final class Judge {
    /** So soon after a proof of life nobody asks for another: the death in between shows at the next look. */
    private static final long FRESH_NANOS = Duration.ofMillis(100).toNanos();

    private static final int REMEMBERED = 1_024;

    /** A heartbeat older than this makes a session suspect. */
    static final Duration SILENT = Duration.ofSeconds(10);

    private final SessionDirectory sessions;
    private final Machine machine;
    private final TimeSource time;
    private final Map<SessionId, Watched> watched = new ConcurrentHashMap<>();
    private final Map<SessionId, Long> alive = new ConcurrentHashMap<>();
    private final Growth watchedGrowth = new Growth(REMEMBERED);
    private final Growth aliveGrowth = new Growth(REMEMBERED);

    Judge(SessionDirectory sessions, Machine machine, TimeSource time) {
        this.sessions = sessions;
        this.machine = machine;
        this.time = time;
    }

    /** A heartbeat and since when, on the monotonic clock, it has been unchanged. */
    private record Watched(Instant beat, long since) {}

    /** Whether a session has ended or is proven dead; once true, it is true for ever. */
    boolean isDead(SessionId id) throws IOException {
        Optional<SessionDirectory.Known> session = sessions.find(id);
        boolean dead = session.isEmpty() || livenessOf(session.get()) == Liveness.DEAD;
        if (dead) {
            alive.remove(id);
        } else {
            alive.put(id, time.nanos());
            aliveGrowth.trim(alive, other -> !wasAliveJustNow(other));
        }
        return dead;
    }

    /** Whether {@link #isDead} said no a moment ago. */
    boolean wasAliveJustNow(SessionId id) {
        Long last = alive.get(id);
        return last != null && time.nanos() - last < FRESH_NANOS;
    }

    /** Whether that is what everybody here can see of a living process; a record that says otherwise would be a dead one's. */
    boolean isOf(ThisProcess self) {
        return self.bootId().equals(machine.boot().toString())
                && self.pidNamespace() == machine.pidNamespace()
                && (machine.showsOthers() || ProcessState.of(self.id()) != ProcessState.GONE);
    }

    Liveness livenessOf(SessionDirectory.Known session) throws IOException {
        SessionInfo info = session.record().info();
        if (!info.bootId().equals(machine.boot().toString())) {
            return Liveness.DEAD;
        }
        if (info.pidNamespace() != machine.pidNamespace() || machine.showsOthers()) {
            return withoutProof(session);
        }
        List<ProcessState> states =
                info.processes().stream().map(ProcessState::of).toList();
        if (states.stream().allMatch(ProcessState.GONE::equals)) {
            return machine.mayHide(session.uid()) ? withoutProof(session) : Liveness.DEAD;
        }
        return states.get(0) == ProcessState.ALIVE && !isSilent(session) ? Liveness.ALIVE : Liveness.SUSPECT;
    }

    private Liveness withoutProof(SessionDirectory.Known session) throws IOException {
        Duration ttl = session.record().ttl();
        if (!ttl.isZero() && unchangedFor(session).compareTo(ttl) > 0) {
            return Liveness.DEAD;
        }
        return isSilent(session) ? Liveness.SUSPECT : Liveness.ALIVE;
    }

    private Duration unchangedFor(SessionDirectory.Known session) throws IOException {
        Instant beat = beatOf(session);
        Watched now = new Watched(beat, time.nanos());
        Watched since = watched.merge(
                session.record().id(), now, (before, next) -> before.beat.equals(next.beat) ? before : next);
        watchedGrowth.trim(watched, other -> !sessions.isThere(other));
        return Duration.ofNanos(now.since - since.since);
    }

    private boolean isSilent(SessionDirectory.Known session) throws IOException {
        return Duration.between(beatOf(session), time.wall()).compareTo(SILENT) > 0;
    }

    private Instant beatOf(SessionDirectory.Known session) throws IOException {
        try {
            return sessions.lastBeat(session.record().id());
        } catch (NoSuchFileException e) {
            return session.record().info().joined();
        }
    }
}
