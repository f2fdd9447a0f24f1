package dev.agentcoord.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.benchmarks.Row.Goal;
import dev.agentcoord.benchmarks.Row.Subject;
import java.util.List;
import org.junit.jupiter.api.Test;

class SamplesTest {
    private static final Subject FASTER = new Subject("P1", "what", "µs", Goal.atLeast(2.5, "x theirs"));

    @Test
    void theMedianIsTheMiddleOrBetweenTheTwoInTheMiddle() {
        assertThat(new Samples(List.of(9.0, 1.0, 4.0)).median()).isEqualTo(4);
        assertThat(new Samples(List.of(9.0, 1.0, 4.0, 2.0)).median()).isEqualTo(3);
        assertThat(new Samples(List.of(9.0, 1.0, 4.0)).greatest()).isEqualTo(9);
    }

    @Test
    void aGoalIsMetAtItsLimit() {
        assertThat(Row.of(FASTER, 1, "peer", 2.5).met()).isEqualTo("yes");
        assertThat(Row.of(FASTER, 1, "peer", 2.499).met()).isEqualTo("no");
        assertThat(Goal.atMost(3, "x P1").isMetBy(3)).isTrue();
        assertThat(Goal.atMost(3, "x P1").isMetBy(3.001)).isFalse();
    }

    @Test
    void whatCouldNotBeMeasuredSaysWhy() {
        Row row = Row.skipped(FASTER, RedisPeer.MISSING);

        assertThat(row.met()).isEqualTo("skipped");
        assertThat(row.against()).contains("apt-get install redis-server");
        assertThat(row.goal()).isEqualTo(">= 2.5 x theirs");
    }
}
