package dev.agentcoord.core.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.SessionId;
import dev.agentcoord.TaskState;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JsonTest {
    @Test
    void a_field_that_may_be_missing_can_be_asked_for() {
        Json.Fields fields = fields(Map.of("a", ""));

        assertThat(fields.has("a")).isTrue();
        assertThat(fields.has("b")).isFalse();
    }

    @Test
    void a_number_that_does_not_fit_is_an_error_and_never_cut() {
        assertThat(fields(Map.of("n", Integer.MIN_VALUE)).integer("n")).isEqualTo(Integer.MIN_VALUE);
        for (long number : new long[] {1L + Integer.MAX_VALUE, Integer.MIN_VALUE - 1L, 1L << 32}) {
            assertCorrupt(() -> fields(Map.of("n", number)).integer("n"), "'n' is out of range");
        }
    }

    @Test
    void a_moment_and_a_word_are_read_as_they_were_written_and_nothing_else_is_one() {
        Instant at = Instant.parse("2026-01-01T00:00:00.123Z");

        assertThat(fields(Map.of("at", at)).instant("at")).isEqualTo(at);
        assertCorrupt(() -> fields(Map.of("at", "yesterday")).instant("at"), "yesterday");
        assertThat(fields(Map.of("state", "ready")).constant("state", TaskState.class))
                .isEqualTo(TaskState.READY);
        assertCorrupt(() -> fields(Map.of("state", "ajar")).constant("state", TaskState.class), "does not know");
        assertCorrupt(() -> fields(Map.of()).instant("at"), "'at' is missing");
    }

    @Test
    void what_a_value_refuses_is_an_error_of_the_record_with_its_reason() {
        assertCorrupt(() -> fields(Map.of("id", "?")).into(f -> new SessionId(f.text("id"))), "session");
    }

    private static Json.Fields fields(Map<String, ?> fields) {
        return Json.read("here", Json.write(fields));
    }

    private static void assertCorrupt(Runnable read, String why) {
        assertThatExceptionOfType(CorruptRecordException.class)
                .isThrownBy(read::run)
                .withMessageContaining("here cannot be read")
                .withMessageContaining(why);
    }
}
