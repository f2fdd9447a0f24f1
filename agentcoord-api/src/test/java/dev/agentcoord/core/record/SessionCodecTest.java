package dev.agentcoord.core.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.Participant;
import dev.agentcoord.ProcessId;
import dev.agentcoord.SessionId;
import dev.agentcoord.SessionInfo;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SessionCodecTest {
    private static final SessionInfo INFO = new SessionInfo(
            SessionId.random(),
            Participant.named("builder")
                    .role("lead")
                    .tmuxTarget("main:0.1")
                    .capabilities(Set.of("java", "rust"))
                    .labels(Map.of("team", "\"a\"\n\\ü\uD83D\uDE00"))
                    .processes(List.of(new ProcessId(12, 345), new ProcessId(13, 346))),
            "dev",
            "host",
            "boot",
            4_026_531_836L,
            Instant.parse("2026-01-01T00:00:00.123456789Z"),
            SessionCodec.PROTOCOL);

    @Test
    void a_record_reads_as_it_was_written() {
        assertThat(read(Json.write(SessionCodec.fields(INFO)))).isEqualTo(INFO);
    }

    @Test
    void a_record_is_one_line_so_that_it_can_be_shown_as_it_is() {
        String text = new String(Json.write(SessionCodec.fields(INFO)), StandardCharsets.UTF_8);

        assertThat(text).endsWith("}\n").containsOnlyOnce("\n");
    }

    @Test
    void fields_of_a_backend_or_a_later_version_do_not_disturb() {
        Map<String, Object> fields = SessionCodec.fields(INFO);
        fields.put("later", List.of(Map.of("x", true)));

        assertThat(read(Json.write(fields))).isEqualTo(INFO);
    }

    @Test
    void each_missing_or_wrong_field_is_an_error_that_names_the_place() {
        for (String field : SessionCodec.fields(INFO).keySet()) {
            Map<String, Object> fields = SessionCodec.fields(INFO);
            fields.remove(field);
            assertCorrupt(Json.write(fields));
            fields.put(field, false);
            assertCorrupt(Json.write(fields));
        }
    }

    @Test
    void values_that_are_no_session_are_errors() {
        for (Map.Entry<String, ?> bad : Map.of("id", "x", "joined", "noon", "agent", "A!", "protocol", 1L << 40)
                .entrySet()) {
            Map<String, Object> fields = SessionCodec.fields(INFO);
            fields.put(bad.getKey(), bad.getValue());
            assertCorrupt(Json.write(fields));
        }
    }

    @Test
    void what_is_not_one_json_object_is_an_error() {
        for (String bad : List.of("", "[]", "{", "{} {}", "{\"a\":1,\"a\":2}", "{\"a\":1.5}", "{\"a\":null}")) {
            assertCorrupt(bad.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static SessionInfo read(byte[] bytes) {
        return SessionCodec.info(Json.read("/sessions/1", bytes));
    }

    private static void assertCorrupt(byte[] bytes) {
        assertThatExceptionOfType(CorruptRecordException.class)
                .as(new String(bytes, StandardCharsets.UTF_8))
                .isThrownBy(() -> read(bytes))
                .withMessageContaining("/sessions/1");
    }
}
