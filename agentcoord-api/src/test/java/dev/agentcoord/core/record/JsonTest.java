package dev.agentcoord.core.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class JsonTest {
    @Test
    void a_field_that_may_be_missing_can_be_asked_for() {
        Json.Fields fields = Json.read("here", Json.write(Map.of("a", "")));

        assertThat(fields.has("a")).isTrue();
        assertThat(fields.has("b")).isFalse();
    }
}
