package dev.agentcoord.fs;

import dev.agentcoord.core.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * One session's heartbeat, the modification time of a file. A session with a ttl stops asserting its holds after two thirds of it
 * without a beat, on the clock of the two that ran further, and for ever. Thread-safe.
 */
final class Heartbeat {
    private static final Duration UNHURRIED = Duration.ofSeconds(2);
    private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

    private final Path file;
    private final Duration ttl;
    private final TimeSource time;
    private volatile Beat last;
    private volatile boolean late;

    /** When a beat was sent, by both clocks. */
    private record Beat(long nanos, Instant wall) {}

    Heartbeat(Path file, Duration ttl, TimeSource time) throws IOException {
        this.file = file;
        this.ttl = ttl;
        this.time = time;
        this.last = now();
        Disk.create(file, new byte[0], Layout.RECORD);
    }

    Duration interval() {
        return ttl.isZero() || ttl.dividedBy(6).compareTo(UNHURRIED) > 0 ? UNHURRIED : ttl.dividedBy(6);
    }

    /** Beats, unless it is too late for that; false when it is. */
    boolean beat() throws IOException {
        if (safeFor().isZero()) {
            return false;
        }
        Beat sent = now();
        Files.setLastModifiedTime(file, FileTime.from(sent.wall));
        last = sent;
        return true;
    }

    /** For how long from now every hold is guaranteed; once zero it stays so, though a clock be set back: somebody has acted on it. */
    Duration safeFor() {
        if (ttl.isZero()) {
            return FOREVER;
        }
        Duration left = ttl.multipliedBy(2).dividedBy(3).minus(silence());
        if (left.isNegative() || left.isZero()) {
            late = true;
        }
        return late ? Duration.ZERO : left;
    }

    private Duration silence() {
        Beat now = now();
        Duration monotonic = Duration.ofNanos(now.nanos - last.nanos);
        Duration wall = Duration.between(last.wall, now.wall);
        return monotonic.compareTo(wall) > 0 ? monotonic : wall;
    }

    private Beat now() {
        return new Beat(time.nanos(), time.wall());
    }
}
