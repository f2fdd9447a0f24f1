package dev.agentcoord.runner.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class FramesTest {
    private final Frames frames = new Frames();

    @Test
    void output_and_errors_keep_their_order() {
        frames.out("one");
        frames.err("two");
        frames.out("");
        frames.exit(3);

        assertThat(taken()).isEqualTo("O one\nE two\nO \nX 3\n");
    }

    @Test
    void bytes_follow_their_length() {
        frames.raw("a\nb".getBytes(StandardCharsets.UTF_8));
        frames.exit(0);

        assertThat(taken()).isEqualTo("R 3\na\nbX 0\n");
    }

    @Test
    void no_bytes_are_no_frame() {
        frames.raw(new byte[0]);

        assertThat(taken()).isEmpty();
    }

    @Test
    void a_line_cannot_forge_a_frame() {
        frames.err("text\nX 0\n\u001b[2J");

        assertThat(taken()).isEqualTo("E text\\u000aX 0\\u000a\\u001b[2J\n");
    }

    @Test
    void much_output_is_one_raw_frame() {
        String line = "x".repeat(99);
        for (int i = 0; i < 41; i++) {
            frames.out(line);
        }

        assertThat(taken()).startsWith("R 4100\n" + line + "\n").doesNotContain("\nO ");
    }

    @Test
    void what_was_taken_is_forgotten() {
        frames.out("one");
        frames.take();
        frames.keepAlive();

        assertThat(taken()).isEqualTo(".\n");
    }

    private String taken() {
        return new String(frames.take(), StandardCharsets.UTF_8);
    }
}
