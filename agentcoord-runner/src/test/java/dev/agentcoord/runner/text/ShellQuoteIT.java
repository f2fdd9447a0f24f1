package dev.agentcoord.runner.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class ShellQuoteIT {
    private static final String HOSTILE = "'\"\\$`;#(){}[]*?~!&|<>=%^ \t\n\r-ab\u00e9\u65e5";

    @Test
    void a_word_to_be_typed_is_quoted_only_where_the_shell_would_change_it() {
        assertThat(List.of("src/A.java", "name:x", "pool:build/2").stream().map(ShellQuote::word))
                .containsExactly("src/A.java", "name:x", "pool:build/2");
        assertThat(List.of("my file", "glob:*.c", "a;b", "~", "#7", "").stream().map(ShellQuote::word))
                .containsExactly("'my file'", "'glob:*.c'", "'a;b'", "'~'", "'#7'", "''");
    }

    @Test
    void a_real_shell_reads_back_every_argument_as_it_was() throws IOException, InterruptedException {
        Random random = new Random(7);
        List<String> arguments =
                new ArrayList<>(List.of("", "'", "''", "\\", "-n", "a'b", "$(id)", "`id`", ";", "\n\n"));
        for (int i = 0; i < 300; i++) {
            arguments.add(random.ints(random.nextInt(30), 0, HOSTILE.length())
                    .mapToObj(at -> HOSTILE.substring(at, at + 1))
                    .collect(Collectors.joining()));
        }

        assertThat(readBack(arguments)).isEqualTo(arguments);
    }

    private static List<String> readBack(List<String> arguments) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String script = "printf '%s\\0' " + ShellQuote.quote(arguments) + "\n";
        shell.getOutputStream().write(script.getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).isZero();
        return List.of(output.substring(0, output.length() - 1).split("\0", -1));
    }
}
