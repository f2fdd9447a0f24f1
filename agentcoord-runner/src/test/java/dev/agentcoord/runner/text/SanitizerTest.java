package dev.agentcoord.runner.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class SanitizerTest {
    @Test
    void ordinary_text_of_any_script_is_unchanged() {
        assertThat(Sanitizer.line("naïve\t日本語 🙂")).isEqualTo("naïve\t日本語 🙂");
    }

    @Test
    void what_could_act_on_a_terminal_is_spelled_out() {
        assertThat(Sanitizer.line("a\u001b]52;c;eA==\u0007b\nc\r\u009bd"))
                .isEqualTo("a\\u001b]52;c;eA==\\u0007b\\u000ac\\u000d\\u009bd");
    }

    @Test
    void text_cannot_be_reordered_or_hidden() {
        assertThat(Sanitizer.line("\u202egnp.exe \u2066x\u2069 \ufeff"))
                .isEqualTo("\\u202egnp.exe \\u2066x\\u2069 \\ufeff");
    }

    @Test
    void no_random_text_gets_an_unsafe_character_through() {
        Random random = new Random(1);
        for (int round = 0; round < 2_000; round++) {
            String text = random.ints(50, 0, 0x2100)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            assertThat(Sanitizer.line(text).chars().anyMatch(Sanitizer::isUnsafe))
                    .isFalse();
        }
    }
}
