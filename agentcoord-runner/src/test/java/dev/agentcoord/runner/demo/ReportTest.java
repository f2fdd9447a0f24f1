package dev.agentcoord.runner.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReportTest {
    private final Report report = new Report(new Outcome(48, 9, 8, 27, 18), new Outcome(48, 0, 0, 0, 0), 31.26);

    @Test
    void json_is_one_object_with_both_parts_and_the_seconds() {
        assertThat(report.json())
                .isEqualTo(
                        "{\"uncoordinated\":{\"edits\":48,\"lost\":9,\"doubleClaims\":8,\"portClashes\":27,\"gitIndexFailures\":18},"
                                + "\"coordinated\":{\"edits\":48,\"lost\":0,\"doubleClaims\":0,\"portClashes\":0,\"gitIndexFailures\":0},"
                                + "\"seconds\":31.3}");
    }

    @Test
    void the_table_shows_both_parts_side_by_side() {
        assertThat(report.table())
                .containsExactly(
                        "                               uncoordinated  coordinated",
                        "edits to make                             48           48",
                        "edits lost                                 9            0",
                        "tasks done twice                           8            0",
                        "port clashes                              27            0",
                        "failed git index operations               18            0",
                        "total that went wrong                     62            0",
                        "31.3 seconds in all");
    }

    @Test
    void an_outcome_is_clean_only_when_every_count_of_damage_is_zero() {
        assertThat(new Outcome(48, 0, 0, 0, 0).isClean()).isTrue();
        assertThat(new Outcome(48, 1, 0, 0, 0).isClean()).isFalse();
        assertThat(new Outcome(48, 0, 1, 0, 0).isClean()).isFalse();
        assertThat(new Outcome(48, 0, 0, 1, 0).isClean()).isFalse();
        assertThat(new Outcome(48, 0, 0, 0, 1).isClean()).isFalse();
    }
}
