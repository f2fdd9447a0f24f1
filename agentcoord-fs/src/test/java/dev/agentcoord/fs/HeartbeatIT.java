package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.testkit.FakeTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** For how long a session that may die of silence is certain of what it holds, by clocks that are set and machines that sleep. */
final class HeartbeatIT {
    private static final Duration TTL = Duration.ofSeconds(9);
    private static final Duration SAFE = Duration.ofSeconds(6);

    private final FakeTime time = new FakeTime();

    @TempDir
    private Path dir;

    private Heartbeat heartbeat;

    @BeforeEach
    void start() throws IOException {
        heartbeat = new Heartbeat(dir.resolve("beat"), TTL, time);
    }

    @Test
    void aBeatMakesItSafeForTwoThirdsOfTheTtl() throws IOException {
        assertThat(heartbeat.safeFor()).isEqualTo(SAFE);
        time.advance(Duration.ofSeconds(4));
        assertThat(heartbeat.safeFor()).isEqualTo(Duration.ofSeconds(2));
        assertThat(heartbeat.beat()).isTrue();
        assertThat(heartbeat.safeFor()).isEqualTo(SAFE);
        assertThat(Files.getLastModifiedTime(dir.resolve("beat"))).isEqualTo(FileTime.from(time.wall()));
    }

    @Test
    void aMachineThatWasSuspendedForLongerIsNotSafeWhenItWakesThoughItsMonotonicClockStoodStill() throws IOException {
        time.step(SAFE);
        assertThat(heartbeat.safeFor()).isZero();
        assertThat(heartbeat.beat()).isFalse();
    }

    @Test
    void aWallClockThatIsSetBackProlongsNothing() throws IOException {
        time.advance(Duration.ofSeconds(4));
        time.step(Duration.ofHours(-1));
        assertThat(heartbeat.safeFor()).isEqualTo(Duration.ofSeconds(2));
        time.advance(Duration.ofSeconds(2));
        assertThat(heartbeat.beat()).isFalse();
    }

    @Test
    void whatWasTooLateOnceStaysSoWhateverTheClocksSayAfterwards() throws IOException {
        time.step(SAFE);
        assertThat(heartbeat.beat()).isFalse();
        time.step(SAFE.negated());
        assertThat(heartbeat.beat()).isFalse();
        assertThat(heartbeat.safeFor()).isZero();
    }

    @Test
    void aBeatThatCouldNotBeWrittenProlongsNothing() throws IOException {
        Files.delete(dir.resolve("beat"));
        time.advance(Duration.ofSeconds(4));
        assertThatThrownBy(heartbeat::beat).isInstanceOf(NoSuchFileException.class);
        assertThat(heartbeat.safeFor()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void itBeatsSixTimesInATtlAndAtLeastEveryTwoSeconds() throws IOException {
        assertThat(heartbeat.interval()).isEqualTo(Duration.ofMillis(1_500));
        assertThat(new Heartbeat(dir.resolve("slow"), Duration.ofMinutes(1), time).interval())
                .isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void whoMayBeSilentForEverIsSafeForEver() throws IOException {
        Heartbeat unbounded = new Heartbeat(dir.resolve("unbounded"), Duration.ZERO, time);
        time.step(Duration.ofDays(365));
        assertThat(unbounded.safeFor()).isGreaterThan(Duration.ofDays(365));
        assertThat(unbounded.beat()).isTrue();
    }
}
