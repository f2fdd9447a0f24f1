package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyNameTest {
    @Test
    void plainKeysAreTheirOwnName() {
        assertThat(KeyName.of("build-status_2.log")).isEqualTo("build-status_2.log");
    }

    @Test
    void noKeyIsAPathOrHidden() {
        assertThat(List.of(".", "..", "../x", "/etc/passwd", ".hidden", "a/b", "a\\b", "~root", "é", "a b"))
                .allSatisfy(key -> assertThat(KeyName.of(key))
                        .doesNotContain("/")
                        .doesNotStartWith(".")
                        .matches("[A-Za-z0-9_.=@+,%-]+"));
    }

    @Test
    void wholeNamesAreReadBack() {
        Random random = new Random(3);
        for (int i = 0; i < 10_000; i++) {
            String key = key(random, 1 + random.nextInt(20));
            String name = KeyName.of(key);
            assertThat(KeyName.isWhole(name)).isTrue();
            assertThat(KeyName.unescape(name)).isEqualTo(key);
        }
    }

    @Test
    void longKeysKeepDifferentNamesThatFitAndTheirPrefix() {
        Set<String> names = new HashSet<>();
        String start = "é".repeat(100);
        for (int i = 0; i < 1_000; i++) {
            String name = KeyName.of(start + i);
            assertThat(name).hasSizeLessThanOrEqualTo(255).startsWith(KeyName.prefix(start));
            assertThat(KeyName.isWhole(name)).isFalse();
            names.add(name);
        }
        assertThat(names).hasSize(1_000);
    }

    private static String key(Random random, int length) {
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < length; i++) {
            key.appendCodePoint(
                    switch (random.nextInt(3)) {
                        case 0 -> ' ' + random.nextInt(95);
                        case 1 -> 0xa1 + random.nextInt(1_000);
                        default -> 0x1f600 + random.nextInt(50);
                    });
        }
        return key.toString();
    }
}
