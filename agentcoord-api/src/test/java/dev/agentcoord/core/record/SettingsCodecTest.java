package dev.agentcoord.core.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.QueueSettings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SettingsCodecTest {
    private static final QueueSettings SETTINGS =
            QueueSettings.defaults().maxDepth(10).maxPerSession(4);

    @Test
    void settings_read_as_they_were_written() {
        for (QueueSettings.Mode mode : QueueSettings.Mode.values()) {
            assertThat(read(SettingsCodec.fields(SETTINGS.mode(mode)))).isEqualTo(SETTINGS.mode(mode));
        }
    }

    @Test
    void each_missing_or_wrong_field_is_an_error_that_names_the_place() {
        for (String field : SettingsCodec.fields(SETTINGS).keySet()) {
            Map<String, Object> fields = SettingsCodec.fields(SETTINGS);
            fields.remove(field);
            assertCorrupt(fields);
            fields.put(field, false);
            assertCorrupt(fields);
        }
        Map<String, Object> fields = SettingsCodec.fields(SETTINGS);
        fields.put("mode", "ajar");
        assertCorrupt(fields);
    }

    @Test
    void limits_that_no_queue_has_are_an_error_and_never_cut_to_a_smaller_number() {
        for (String field : List.of("maxDepth", "maxPerSession")) {
            for (long limit : new long[] {0, -1, 4294967297L}) {
                Map<String, Object> fields = SettingsCodec.fields(SETTINGS);
                fields.put(field, limit);
                assertCorrupt(fields);
            }
        }
    }

    private static void assertCorrupt(Map<String, Object> fields) {
        assertThatExceptionOfType(CorruptRecordException.class)
                .isThrownBy(() -> read(fields))
                .withMessageContaining("queue settings");
    }

    private static QueueSettings read(Map<String, Object> fields) {
        return SettingsCodec.read(Json.read("queue settings", Json.write(fields)));
    }
}
