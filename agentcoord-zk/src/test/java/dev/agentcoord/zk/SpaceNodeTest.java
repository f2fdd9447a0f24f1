package dev.agentcoord.zk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.StoreFormatException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class SpaceNodeTest {
    @Test
    void a_newer_format_that_older_programs_may_share_is_accepted() {
        assertThat(read("{\"incarnation\":7,\"format\":2,\"requires\":1,\"new\":true}")
                        .incarnation())
                .isEqualTo(7);
    }

    @Test
    void a_format_that_is_not_known_is_refused() {
        assertThatExceptionOfType(StoreFormatException.class)
                .isThrownBy(() -> read("{\"incarnation\":7,\"format\":2,\"requires\":2}"))
                .withMessageContainingAll("/agentcoord/shop", "format 2", "newer");
    }

    @Test
    void what_is_no_space_is_refused() {
        assertThatExceptionOfType(CorruptRecordException.class)
                .isThrownBy(() -> read("hello"))
                .withMessageContaining("/agentcoord/shop");
        assertThatExceptionOfType(CorruptRecordException.class).isThrownBy(() -> read("{}"));
    }

    private static SpaceNode read(String json) {
        return SpaceNode.read("/agentcoord/shop", json.getBytes(StandardCharsets.UTF_8));
    }
}
