package dev.agentcoord.runner.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.core.Canonical;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PlaceTest {
    @Test
    void a_space_is_named_after_a_directory() {
        assertThat(Place.spaceName("Web Shop_2.0")).isEqualTo("web-shop-2-0");
        assertThat(Place.spaceName("--x--")).isEqualTo("x");
        assertThat(Place.spaceName("日本")).isEqualTo("default");
        assertThat(Place.spaceName("")).isEqualTo("default");
    }

    @Test
    void whatever_the_directory_the_name_is_valid() {
        Random random = new Random(5);
        for (int round = 0; round < 1_000; round++) {
            String text = random.ints(random.nextInt(80), 32, 300)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            String name = Place.spaceName(text);
            assertThat(Canonical.agentName(name)).isEqualTo(name);
        }
    }
}
