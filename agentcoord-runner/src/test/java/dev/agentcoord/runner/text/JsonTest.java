package dev.agentcoord.runner.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JsonTest {
    @Test
    void maps_lists_and_scalars_are_one_line() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("text", "a \"b\"\n");
        map.put("number", 7L);
        map.put("flag", true);
        map.put("list", Arrays.asList(1, null, List.of()));

        assertThat(Json.write(map))
                .isEqualTo("{\"text\":\"a \\\"b\\\"\\n\",\"number\":7,\"flag\":true,\"list\":[1,null,[]]}");
    }

    @Test
    void a_flat_object_is_read_back() throws IOException {
        assertThat(Json.readFlat("{\"a\":\"x\",\"n\":7,\"z\":null,\"b\":\"\"}"))
                .containsExactly(Map.entry("a", "x"), Map.entry("n", "7"), Map.entry("b", ""));
    }

    @Test
    void what_is_no_flat_object_is_refused() {
        for (String wrong : List.of("", "[]", "{\"a\":{}}", "{\"a\":[1]}", "\"a\"", "{", "{\"a\":}")) {
            assertThatThrownBy(() -> Json.readFlat(wrong)).isInstanceOf(IOException.class);
        }
    }
}
