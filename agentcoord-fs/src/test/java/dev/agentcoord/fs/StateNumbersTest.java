package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class StateNumbersTest {
    @Test
    void ofManyKeysThoseAreNewThatDidNotComeBefore() {
        Random random = new Random(1);
        StateNumbers numbers = new StateNumbers();
        Set<String> before = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            byte[] key = new byte[random.nextInt(20) == 0 ? random.nextInt(256) : random.nextInt(4)];
            for (int at = 0; at < key.length; at++) {
                key[at] = (byte) random.nextInt(40);
            }
            assertThat(numbers.add(key)).isEqualTo(before.add(new String(key, StandardCharsets.ISO_8859_1)));
            assertThat(numbers.size()).isEqualTo(before.size());
        }
    }

    @Test
    void aKeyOfMoreThan255BytesIsRefused() {
        assertThatThrownBy(() -> new StateNumbers().add(new byte[256])).isInstanceOf(IllegalArgumentException.class);
    }
}
