package dev.agentcoord.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.runner.control.Cancellation;
import dev.agentcoord.runner.control.Reply;
import dev.agentcoord.runner.control.Request;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands outside a session answer to people and to programs; they run in this process. */
final class AnswersIT {
    private static final List<String> LISTS = List.of("locks", "thefts", "ls", "task ls", "state ls", "port list");

    private final Answer answer = new Answer();

    @TempDir
    private Path home = Path.of("");

    @BeforeEach
    void makeRepository() throws IOException {
        Files.createDirectories(home.resolve("repo/.git"));
    }

    @Test
    void help_is_given_for_everything_and_a_group_and_one_command() {
        assertThat(call("help")).isZero();
        assertThat(answer.out)
                .anyMatch(line -> line.startsWith("  task claim"))
                .anyMatch(line -> line.endsWith("test, simulate, bench, ensemble"));
        for (String asked : List.of("help task", "task --help", "task -h", "task help")) {
            assertThat(call(asked.split(" "))).isZero();
            assertThat(answer.out)
                    .anyMatch(line -> line.startsWith("  task claim"))
                    .noneMatch(line -> line.startsWith("  lock"));
        }
        for (String asked : List.of("help lock", "lock --help", "lock -h")) {
            assertThat(call(asked.split(" "))).isZero();
            assertThat(answer.out.get(0)).startsWith("Usage: agentcoord lock");
        }
        assertThat(call("help", "task", "add")).isZero();
        assertThat(answer.out.get(0)).startsWith("Usage: agentcoord task add");
    }

    @Test
    void a_store_that_cannot_be_used_does_not_become_everybodys() {
        assertThat(call("init", "--store", "fs:/proc/none")).isEqualTo(ExitCode.FAILED);
        assertThat(call("init", "--force", "--store", "fs:/proc/none")).isEqualTo(ExitCode.FAILED);
        assertThat(home.resolve("repo/.git/agentcoord.json")).doesNotExist();
        assertThat(call("init", "--store", "fs:" + home.resolve("store"))).isZero();
        assertThat(home.resolve("repo/.git/agentcoord.json")).exists();
    }

    @Test
    void a_thousand_bad_words_for_ports_are_refused_in_one_line_each_and_change_nothing() {
        for (String word : BadPorts.of(1_000, 11)) {
            for (List<String> words : List.of(
                    List.of("port", "lease", "--json", word, "--", "true"),
                    List.of("run", "--name", "a", "--port=" + word, "--", "true"))) {
                assertThat(call(words.toArray(String[]::new))).as(word).isEqualTo(ExitCode.USAGE);
                assertThat(answer.err).as(word).hasSize(1).noneMatch(line -> line.contains("unexpected"));
                assertThat(answer.out).isEmpty();
            }
        }
        assertThat(home.resolve("store")).doesNotExist();
        assertThat(home.resolve("repo/.git/agentcoord.json")).doesNotExist();
    }

    @Test
    void a_misspelt_command_is_answered_with_the_one_that_was_meant() {
        assertMistake("there is no command 'lokc'; did you mean 'lock'? Next: agentcoord help lock", "lokc", "x");
        assertMistake(
                "'task calim' is no command; did you mean 'task claim'? Next: agentcoord help task claim",
                "task",
                "calim");
        assertMistake("'task' needs one more word. Next: agentcoord help task", "task");
        assertMistake("there is no command 'frobnicate'. Next: agentcoord help", "help", "frobnicate");
    }

    @Test
    void a_word_that_is_much_too_long_is_not_repeated_whole() {
        assertThat(call("why", "x".repeat(120_000))).isNotZero();
        assertThat(answer.err)
                .singleElement()
                .satisfies(line -> assertThat(line).hasSizeBetween(100, 2_200));
    }

    @Test
    void a_value_that_begins_with_an_at_sign_is_no_file_of_arguments() throws IOException {
        Path file = Files.writeString(home.resolve("words"), "--id other");

        assertThat(call("task", "add", "--id", "at", "@" + file)).isZero();
        assertThat(call("task", "show", "at")).isZero();

        assertThat(answer.out.get(0)).endsWith("@" + file);
    }

    @Test
    void a_value_that_begins_with_a_dash_is_taken_or_the_way_to_give_it_is_said() {
        assertThat(call("task", "add", "--id", "t", "--", "--verbose is broken"))
                .isZero();
        assertThat(call("state", "put", "--", "k", "--x")).isZero();
        assertThat(call("state", "get", "k")).isZero();
        assertThat(answer.raw).isEqualTo("--x");
        assertMistake(
                "task add: Missing required parameter: 'PAYLOAD'; a value that begins with - is given as --option=VALUE or after --."
                        + " Next: agentcoord task add --help",
                "task",
                "add",
                "--verbose");
        assertMistake(
                "lock: Unknown option: '--verbose'; a value that begins with - is given as --option=VALUE."
                        + " Next: agentcoord lock --help",
                "lock",
                "x",
                "--verbose",
                "--",
                "true");
        assertMistake(
                "lock: Expected parameter for option '--reason' but found '--shared'; a value that begins with - is given as"
                        + " --option=VALUE. Next: agentcoord lock --help",
                "lock",
                "x",
                "--reason",
                "--shared",
                "--",
                "true");
    }

    @Test
    void an_empty_list_is_said_beside_the_data() {
        for (String list : LISTS) {
            assertThat(call(list.split(" "))).isZero();
            assertThat(answer.out).isEmpty();
            assertThat(answer.err).singleElement().asString().startsWith("agentcoord: ");

            assertThat(call((list + " --json").split(" "))).isZero();
            assertThat(answer.out).containsExactly("[]");
            assertThat(answer.err).isEmpty();
        }
    }

    @Test
    void an_error_is_one_object_when_the_answer_is_asked_for_in_json() {
        assertThat(call("state", "get", "k", "--json")).isOne();
        assertThat(answer.out).isEmpty();
        assertThat(answer.err)
                .containsExactly("{\"error\":{\"type\":\"failed\",\"message\":\"there is no key 'k'\","
                        + "\"next\":\"agentcoord state ls\"},\"exit\":1}");

        assertThat(call("locks", "--json", "--frob")).isEqualTo(2);
        assertThat(answer.err).singleElement().asString().startsWith("{\"error\":{\"type\":\"usage\",");

        assertThat(call("state", "put", "", "x", "--json")).isEqualTo(2);
        assertThat(answer.err)
                .singleElement()
                .asString()
                .startsWith("{\"error\":{\"type\":\"invalidRequest\",")
                .endsWith("\"next\":\"name one such as 'build/status'\"},\"exit\":2}");
    }

    @Test
    void what_an_error_says_to_do_next_is_told_to_programs_too() throws IOException {
        assertThat(call("lock", "src/*.java", "--json", "--", "true")).isEqualTo(2);
        assertThat(answer.err)
                .singleElement()
                .asString()
                .contains("\"next\":\"for all that match write glob:src/*.java, for that file ./src/*.java\"");

        assertThat(call("lock", "a; 'b*", "--json", "--", "true")).isEqualTo(2);
        assertThat(answer.err).singleElement().asString().contains("\"next\":null");

        Failures failures = new Failures(answer, true);
        answer.clear();
        failures.io(new IOException("tmux is missing. Next: apt-get install tmux"));
        failures.io(new IOException("'a; b' is not there"));
        assertThat(answer.err)
                .containsExactly(
                        "{\"error\":{\"type\":\"io\",\"message\":\"tmux is missing\",\"next\":\"apt-get install tmux\"},"
                                + "\"exit\":1}",
                        "{\"error\":{\"type\":\"io\",\"message\":\"'a; b' is not there\",\"next\":null},\"exit\":1}");
    }

    @Test
    void a_switch_with_a_value_asks_for_json_as_well() {
        assertThat(call("state", "get", "k", "--json=true")).isOne();
        assertThat(answer.err).singleElement().asString().startsWith("{\"error\":");
        assertThat(call("locks", "--json=1")).isEqualTo(2);
        assertThat(answer.err).singleElement().asString().startsWith("{\"error\":{\"type\":\"usage\"");
        assertThat(call("state", "get", "k", "--json=false")).isOne();
        assertThat(answer.err).singleElement().asString().startsWith("agentcoord: ");
    }

    @Test
    void what_finds_no_task_says_so_in_one_object_with_its_exit_code() {
        for (String words : List.of("task show t9", "task cancel t9 --reason r", "task redrive t9", "task claim")) {
            int code = call((words + " --json").split(" "));

            assertThat(code).as(words).isNotZero();
            assertThat(answer.err)
                    .as(words)
                    .singleElement()
                    .asString()
                    .startsWith("{\"error\":{\"type\":")
                    .endsWith("},\"exit\":" + code + "}");
        }
    }

    @Test
    void the_version_is_an_object_too() {
        assertThat(call("version", "--json")).isZero();
        assertThat(answer.out).singleElement().asString().contains("\"version\":", "\"java\":");
    }

    @Test
    void other_lines_on_standard_error_are_objects_too() {
        JsonNotes notes = new JsonNotes(answer);
        notes.err("agentcoord: lost x");
        notes.err("{\"note\":\"of another process\"}");

        assertThat(answer.err)
                .containsExactly("{\"note\":\"agentcoord: lost x\"}", "{\"note\":\"of another process\"}");
    }

    @Test
    void a_value_that_is_no_text_is_given_in_base64() {
        assertThat(callWithInput(new byte[] {'a', 0, (byte) 0xff}, "state", "put", "bytes", "-"))
                .isZero();
        call("state", "put", "text", "naïve");

        assertThat(call("state", "get", "--json", "bytes")).isZero();
        assertThat(answer.out)
                .singleElement()
                .asString()
                .contains("\"valueBase64\":\"YQD/\"")
                .doesNotContain("\"value\"");
        assertThat(call("state", "get", "--json", "text")).isZero();
        assertThat(answer.out).singleElement().asString().contains("\"value\":\"naïve\"");
    }

    @Test
    void a_misspelt_key_of_the_configuration_is_named() throws IOException {
        Files.writeString(home.resolve("repo/.git/agentcoord.json"), "{\"projekt\":\"web\"}");

        assertThat(call("locks")).isEqualTo(2);
        assertThat(answer.err)
                .singleElement()
                .asString()
                .contains("unknown key 'projekt'", "agentcoord.json; did you mean 'project'?");
    }

    private void assertMistake(String line, String... words) {
        assertThat(call(words)).isEqualTo(2);
        assertThat(answer.err).containsExactly("agentcoord: " + line);
        assertThat(answer.out).isEmpty();
    }

    private int call(String... words) {
        return callWithInput(new byte[0], words);
    }

    private int callWithInput(byte[] input, String... words) {
        answer.clear();
        Map<String, String> environment =
                Map.of("AGENTCOORD_STORE", "fs:" + home.resolve("store"), "AGENTCOORD_PROJECT", "it");
        Request request = new Request(home.resolve("repo"), Set.of(), List.of(words), new ByteArrayInputStream(input));
        return Dispatcher.ofProcess(environment).handle(request, answer, new Cancellation());
    }

    /** Keeps what is written. */
    private static final class Answer implements Reply {
        private final List<String> out = new ArrayList<>();
        private final List<String> err = new ArrayList<>();
        private String raw = "";

        void clear() {
            out.clear();
            err.clear();
            raw = "";
        }

        @Override
        public void out(String line) {
            out.add(line);
        }

        @Override
        public void err(String line) {
            err.add(line);
        }

        @Override
        public void raw(byte[] bytes) {
            raw += new String(bytes, StandardCharsets.UTF_8);
        }

        @Override
        public void flush() {}
    }
}
