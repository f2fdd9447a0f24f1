package dev.agentcoord.runner.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.InvalidRequestException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StoreUriTest {
    @Test
    void a_directory_is_normalised() {
        assertThat(StoreUri.parse("fs:/srv//agents/../coord/")).hasToString("fs:/srv/coord");
    }

    @Test
    void an_ensemble_keeps_its_hosts_and_chroot() {
        assertThat(StoreUri.parse("zk:a.example:2181,10.0.0.1:2181/web/shop"))
                .isEqualTo(new StoreUri(StoreUri.Kind.ZK, "a.example:2181,10.0.0.1:2181/web/shop"));
        assertThat(StoreUri.parse("zk:localhost:2181")).hasToString("zk:localhost:2181");
    }

    @Test
    void anything_else_is_refused_with_both_forms() {
        for (String wrong : List.of("", "/srv", "fs:srv", "file:/srv", "zk:", "zk:a b:1", "zk:a:1/../x y", "redis:x")) {
            assertThatThrownBy(() -> StoreUri.parse(wrong))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContainingAll("fs:/", "zk:");
        }
    }
}
