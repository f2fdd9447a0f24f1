package dev.agentcoord.runner.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records as files, and what reaping makes of those whose runner is gone. */
final class RunRecordsIT {
    /** Above the largest id of a process. */
    private static final long NOBODY = 1L << 22;

    /** There is no such directory. */
    private static final Path RUNTIME = Path.of("/tmp/ac-none/agentcoord");

    @TempDir
    private Path home = Path.of("");

    private Map<String, String> environment = Map.of();
    private Path files = Path.of("");
    private RunRecords records = new RunRecords(environment);

    @BeforeEach
    void makeDirectory() throws IOException {
        environment = Map.of("XDG_STATE_HOME", home.toString());
        files = Files.createDirectories(home.resolve("agentcoord/runs"));
        records = new RunRecords(environment);
    }

    @Test
    void one_bad_file_keeps_nobody_from_the_other_runs() throws IOException, InterruptedException {
        records.save(record("00000001", "a", "2026-01-01T00:00:00Z"));
        List<String> bad = List.of(
                "",
                "\0\0\0",
                "[]",
                "{\"id\":",
                record("00000002", "a", "2026-01-01T00:00:00Z").json().replace("2026-01", "yesterday"),
                record("00000003", "a", "2026-01-01T00:00:00Z").json().replace(Long.toString(NOBODY), "none"),
                record("00000004", "a", "2026-01-01T00:00:00Z").json().replace("{", "{\"status\":\"x\","));
        for (int i = 0; i < bad.size(); i++) {
            Files.writeString(files.resolve("bad" + i + ".json"), bad.get(i));
        }

        assertThat(records.all()).extracting(RunRecord::id).containsExactly("00000001");
        assertThat(records.find("a", "web")).isPresent();
        assertThat(records.unreadable())
                .hasSize(bad.size())
                .allMatch(file -> file.toString().contains("/bad"));
        assertThat(new Reaper(environment).reap()).extracting(RunRecord::id).containsExactly("00000001");
        assertThatThrownBy(() -> records.find("bad0"))
                .isInstanceOf(IOException.class)
                .hasMessage(files.resolve("bad0.json") + " is not the record of a run. Next: rm "
                        + files.resolve("bad0.json"));
    }

    @Test
    void a_run_that_ended_while_others_were_reaped_keeps_its_status() throws IOException, InterruptedException {
        String session = UUID.randomUUID().toString();
        RunRecord first = record("00000002", "first", "2026-01-02T00:00:00Z").session(session);
        RunRecord other = record("00000001", "other", "2026-01-01T00:00:00Z");
        records.save(first);
        records.save(other);
        Process process = startProcessThatWritesWhenItIsEnded(
                session, files.resolve("00000001.json"), other.ended(End.of(7), Instant.EPOCH));
        try {
            await().until(() -> Files.exists(home.resolve("ready")));

            assertThat(new Reaper(environment).reap())
                    .extracting(RunRecord::agent)
                    .containsExactly("first");
        } finally {
            process.destroyForcibly();
        }
        assertThat(records.find("00000001").status()).hasValue(7);
        assertThat(records.find("00000002").ended()).isPresent();
    }

    @Test
    void a_record_that_names_files_of_something_else_has_nothing_ended_or_removed()
            throws IOException, InterruptedException {
        Path precious = Files.createDirectories(home.resolve("agentcoord/precious"));
        Files.createFile(precious.resolve("file"));
        String good = record("00000001", "a", "2026-01-01T00:00:00Z").json();
        String runtime = RUNTIME.resolve("00000001").toString();
        assertThat(good).contains(runtime, "a-00000001.log");
        List<String> bad = List.of(
                good.replace(runtime, precious.toString()),
                good.replace(runtime, RUNTIME.resolve("00000009").toString()),
                good.replace(runtime, precious.resolve("00000001").toString()),
                good.replace("a-00000001.log", "b-00000002.log"),
                good.replace("00000001", "precious"));
        for (int i = 0; i < bad.size(); i++) {
            Files.writeString(files.resolve("00000001.json"), bad.get(i));

            assertThat(new Reaper(environment).reap()).as(bad.get(i)).isEmpty();
            assertThat(records.unreadable()).hasSize(1);
        }
        Files.move(files.resolve("00000001.json"), files.resolve("00000002.json"));
        Files.writeString(files.resolve("00000002.json"), good);

        assertThat(new Reaper(environment).reap()).isEmpty();
        assertThat(precious.resolve("file")).exists();
    }

    @Test
    void a_record_that_names_the_session_of_another_run_has_none_of_its_processes_ended()
            throws IOException, InterruptedException {
        String session = UUID.randomUUID().toString();
        records.save(record("00000001", "a", "2026-01-01T00:00:00Z").session(session));
        Process process = startProcessThatWritesWhenItIsEnded(
                session, files.resolve("other"), record("00000002", "b", "2026-01-01T00:00:00Z"));
        try {
            await().until(() -> Files.exists(home.resolve("ready")));

            assertThat(new Reaper(environment).reap())
                    .extracting(RunRecord::agent)
                    .containsExactly("a");

            assertThat(process.isAlive()).isTrue();
            assertThat(files.resolve("other")).doesNotExist();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void a_run_is_over_when_its_runner_which_still_has_to_release_what_it_held_is_gone()
            throws IOException, InterruptedException {
        Process runner = new ProcessBuilder("sleep", "1").start();
        String start = Long.toString(Proc.find(runner.pid()).orElseThrow().startTicks());
        RunRecord run = RunRecord.parse(record("00000001", "a", "2026-01-01T00:00:00Z")
                        .json()
                        .replace(Long.toString(NOBODY), Long.toString(runner.pid()))
                        .replace("{", "{\"runnerStart\":\"" + start + "\","))
                .ended(End.of(0), Instant.EPOCH);
        records.save(run);

        assertThat(records.awaitEnd(run)).isTrue();

        assertThat(Proc.find(runner.pid()).filter(entry -> !entry.isZombie())).isEmpty();
    }

    private Process startProcessThatWritesWhenItIsEnded(String session, Path file, RunRecord record)
            throws IOException {
        ProcessBuilder process = new ProcessBuilder(
                "sh",
                "-c",
                "trap 'printf %s \"$RECORD\" >\"$FILE\"; exit' TERM; : >ready; while :; do sleep 0.1; done");
        process.environment()
                .putAll(Map.of(
                        ProcessTree.SESSION,
                        session,
                        ProcessTree.SOCKET,
                        RUNTIME.resolve("00000002/control").toString(),
                        "FILE",
                        file.toString(),
                        "RECORD",
                        record.json()));
        return process.directory(home.toFile()).start();
    }

    /** Of a run that has not ended, whose runner is gone. */
    private RunRecord record(String id, String agent, String started) throws IOException {
        return RunRecord.parse("{\"id\":\"" + id + "\",\"agent\":\"" + agent + "\",\"project\":\"web\",\"runtime\":\""
                + RUNTIME.resolve(id) + "\",\"log\":\"" + home.resolve(agent + "-" + id + ".log") + "\",\"runner\":\""
                + NOBODY
                + "\",\"started\":\"" + started + "\"}");
    }
}
