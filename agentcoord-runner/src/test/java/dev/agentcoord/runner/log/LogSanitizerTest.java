package dev.agentcoord.runner.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LogSanitizerTest {
    @Test
    void text_newlines_tabs_and_colours_pass() {
        assertThat(clean("a\tb\n\u001b[1;31mred\u001b[0m é日🙂\n")).isEqualTo("a\tb\n\u001b[1;31mred\u001b[0m é日🙂\n");
    }

    @Test
    void every_other_sequence_is_left_out() {
        assertThat(
                        clean(
                                "a\u001b[2J\u001b[10;10Hb\u001b]0;title\u0007c\u001b]52;c;eA==\u001b\\d\u001bPq#0\u001b\\e\u001b(Bf\u001b=g"))
                .isEqualTo("abcdefg");
    }

    @Test
    void eight_bit_forms_are_left_out_too() {
        assertThat(clean("a\u009b2Jb\u009d0;t\u009cc\u0085d")).isEqualTo("abcd");
    }

    @Test
    void a_carriage_return_ends_the_line() {
        assertThat(clean("one\r\ntwo\rthree\r\r\nfour")).isEqualTo("one\ntwo\nthree\nfour");
    }

    @Test
    void direction_marks_are_left_out() {
        assertThat(clean("\u202egnp.exe\u2066")).isEqualTo("gnp.exe");
    }

    @Test
    void a_string_that_never_ends_hides_one_line_only() {
        assertThat(clean("a\u001b]0;hidden\nseen")).isEqualTo("aseen");
    }

    @Test
    void colours_still_on_are_ended() {
        LogSanitizer sanitizer = new LogSanitizer();
        sanitizer.clean(bytes("\u001b[31mred"));
        assertThat(sanitizer.end()).isEqualTo("\u001b[0m");
    }

    @Test
    void cutting_the_output_anywhere_changes_nothing() {
        byte[] whole = bytes("é日🙂\u001b[31mred\u001b]0;t\u0007\r\nend");
        String expected = new LogSanitizer().clean(whole);
        for (int cut = 0; cut <= whole.length; cut++) {
            LogSanitizer sanitizer = new LogSanitizer();
            String first = sanitizer.clean(Arrays.copyOf(whole, cut));
            String second = sanitizer.clean(Arrays.copyOfRange(whole, cut, whole.length));
            assertThat(first + second).isEqualTo(expected);
        }
    }

    @Test
    void random_bytes_leave_no_control_but_colours() {
        Random random = new Random(3);
        for (int round = 0; round < 500; round++) {
            byte[] bytes = new byte[200];
            random.nextBytes(bytes);
            for (int i = 0; i < bytes.length; i += 7) {
                bytes[i] = 0x1b;
            }
            String text = new LogSanitizer().clean(bytes).replaceAll("\u001b\\[[0-9:;]*m", "");
            assertThat(text).doesNotContainPattern("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\u202a-\u202e\u2066-\u2069]");
        }
    }

    private static String clean(String raw) {
        return new LogSanitizer().clean(bytes(raw));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
