package dev.agentcoord.zk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.core.Moment;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class SafeDeadlineTest {
    private static final Duration TTL = Duration.ofSeconds(20);

    private final FakeTime time = new FakeTime();
    private final SafeDeadline deadline = new SafeDeadline(TTL, Moment.now(time), time);

    @Test
    void runs_a_tenth_less_than_one_ttl_from_before_the_session_was_made() {
        time.pass(Duration.ofSeconds(5));

        assertThat(deadline.safeFor()).isEqualTo(Duration.ofSeconds(13));
    }

    @Test
    void runs_from_the_sending_of_a_heartbeat_not_from_its_answer() {
        Moment first = sendAfter(4);
        Moment second = sendAfter(4);
        time.pass(Duration.ofSeconds(3));
        deadline.acknowledged(first);
        deadline.acknowledged(second);

        assertThat(deadline.safeFor()).isEqualTo(Duration.ofSeconds(18 - 4 - 3));
    }

    @Test
    void counts_the_newest_heartbeat_a_fifth_of_the_ttl_older_than_the_last_acknowledged() {
        deadline.acknowledged(sendAfter(4));
        deadline.acknowledged(sendAfter(3));
        assertThat(deadline.safeFor()).as("4 s, then 3 s").isEqualTo(Duration.ofSeconds(18 - 7));

        deadline.acknowledged(sendAfter(1));
        assertThat(deadline.safeFor()).as("4 s, then 3 s, then 1 s").isEqualTo(Duration.ofSeconds(18 - 4));
    }

    @Test
    void a_heartbeat_without_an_answer_prolongs_nothing() {
        sendAfter(4);
        sendAfter(4);

        assertThat(deadline.safeFor()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void is_zero_from_the_deadline_on() {
        time.pass(Duration.ofSeconds(18));
        assertThat(deadline.safeFor()).isZero();

        time.pass(Duration.ofSeconds(100));
        assertThat(deadline.safeFor()).isZero();
    }

    @Test
    void believes_the_wall_clock_when_the_machine_was_suspended() {
        time.setWallForward(Duration.ofHours(1));

        assertThat(deadline.safeFor()).isZero();
        assertThat(deadline.isOver()).as("a wall clock alone ends nothing").isFalse();
    }

    @Test
    void a_wall_clock_set_back_gives_no_more_time() {
        time.pass(Duration.ofSeconds(5));
        time.setWallForward(Duration.ofHours(-1));

        assertThat(deadline.safeFor()).isEqualTo(Duration.ofSeconds(13));
    }

    @Test
    void is_over_one_ttl_after_the_last_acknowledged_heartbeat_was_sent() {
        deadline.acknowledged(sendAfter(4));
        time.pass(TTL.minusNanos(1));
        assertThat(deadline.isOver()).isFalse();

        time.pass(Duration.ofNanos(1));
        assertThat(deadline.isOver()).isTrue();
    }

    private Moment sendAfter(int seconds) {
        time.pass(Duration.ofSeconds(seconds));
        return Moment.now(time);
    }
}
