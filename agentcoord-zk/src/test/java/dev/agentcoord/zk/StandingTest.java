package dev.agentcoord.zk;

import static dev.agentcoord.SessionStatus.CLOSED;
import static dev.agentcoord.SessionStatus.CONNECTED;
import static dev.agentcoord.SessionStatus.LOST;
import static dev.agentcoord.SessionStatus.SUSPENDED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.core.Moment;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class StandingTest {
    private static final Duration TTL = Duration.ofSeconds(20);

    private final FakeTime time = new FakeTime();
    private final Events events = new Events();
    private final Standing standing = new Standing(new SafeDeadline(TTL, Moment.now(time), time), events);

    @Test
    void is_suspended_when_the_connection_is_gone_and_still_safe_until_the_deadline() {
        standing.disconnected();

        assertThat(events.told()).containsExactly(SUSPENDED);
        assertThat(standing.safeFor()).isEqualTo(Duration.ofSeconds(18));
    }

    @Test
    void is_connected_again_once_a_heartbeat_was_answered() {
        standing.disconnected();
        standing.disconnected();
        standing.acknowledged(Moment.now(time));

        assertThat(events.told()).containsExactly(SUSPENDED, CONNECTED);
    }

    @Test
    void is_suspended_at_the_deadline_though_no_connection_was_seen_to_break() {
        time.pass(Duration.ofSeconds(18));
        standing.review();

        assertThat(events.told()).containsExactly(SUSPENDED);
    }

    @Test
    void stays_suspended_after_a_long_silence_until_two_heartbeats_vouch_for_it() {
        time.pass(Duration.ofSeconds(19));
        standing.acknowledged(Moment.now(time));
        assertThat(events.told()).containsExactly(SUSPENDED);

        time.pass(Duration.ofSeconds(4));
        standing.acknowledged(Moment.now(time));
        assertThat(events.told()).containsExactly(SUSPENDED, CONNECTED);
    }

    @Test
    void is_lost_after_one_ttl_without_an_answer_and_told_so_once() {
        standing.disconnected();
        time.pass(TTL);
        standing.review();
        standing.review();
        standing.lost();

        assertThat(events.told()).containsExactly(SUSPENDED, LOST);
    }

    @Test
    void nothing_brings_a_lost_session_back() {
        standing.lost();
        standing.acknowledged(Moment.now(time));
        standing.disconnected();
        standing.closed();

        assertThat(events.told()).containsExactly(LOST);
        assertThat(standing.safeFor()).isZero();
    }

    @Test
    void a_closed_session_is_not_lost_later() {
        standing.closed();
        standing.lost();

        assertThat(events.told()).containsExactly(CLOSED);
        assertThat(standing.safeFor()).isZero();
    }
}
