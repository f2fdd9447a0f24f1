package dev.agentcoord.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.ensemble.Ensemble;
import dev.agentcoord.ensemble.EnsembleServer;
import dev.agentcoord.ensemble.EnsembleSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Brings about what the guide for operators describes, on servers that are configured as it says, and compares what it quotes. */
final class OperationsGuideIT {
    private static final Path ROOT = Path.of(System.getProperty("basedir"), "..");
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final String AGENT = "./agent";
    private static final Set<String> SHOWN = new HashSet<>();

    private static Guide guide;
    private static Ensemble ensemble;

    @RegisterExtension
    private final Sandbox sandbox = new Sandbox();

    @BeforeAll
    static void startServers() throws IOException {
        guide = new Guide(ROOT.resolve("docs/operations.md"));
        EnsembleSpec spec = EnsembleSpec.of(3);
        for (String line : guide.block("tickTime=")) {
            if (!line.matches("(dataDir|dataLogDir|clientPort|server\\.\\d)=.*")) {
                spec = spec.line(line);
            }
        }
        ensemble = Ensemble.start(spec);
    }

    @AfterAll
    static void stopServers() {
        ensemble.close();
        assertThat(SHOWN).isEqualTo(guide.headings());
    }

    @Test
    void a_server_that_is_down_is_named_by_the_doctor() throws Exception {
        Map<String, String> credentials = credentials();
        assertShown("All is well", ensemble, credentials);

        ensemble.servers().get(0).kill();
        try {
            ensemble.leader();
            assertShown("A server is down", ensemble, credentials);
        } finally {
            ensemble.restartAll();
        }
        assertShown("No permission", ensemble, Map.of());
    }

    @Test
    void without_a_majority_the_agent_is_ended_and_everybody_else_is_told_why() throws Exception {
        Process agent = startAgent("No majority runs");
        ensemble.followers().forEach(EnsembleServer::kill);
        try {
            assertShown("No majority runs", ensemble, Map.of());
            assertEnded("No majority runs", agent);
        } finally {
            ensemble.restartAll();
        }
        assertShown("A name is still taken", ensemble, Map.of());
    }

    @Test
    void where_all_data_is_gone_the_agent_is_ended() throws Exception {
        Process agent = startAgent("The data of all servers is gone");
        ensemble.killAll();
        ensemble.servers().forEach(EnsembleServer::wipe);
        ensemble.restartAll();
        assertEnded("The data of all servers is gone", agent);
        SHOWN.add("The data of all servers is gone");
    }

    @Test
    void a_full_server_is_told_from_nothing_but_its_log() throws Exception {
        try (Ensemble full =
                Ensemble.start(EnsembleSpec.of(1).tick(Duration.ofSeconds(2)).line("maxClientCnxns=1"))) {
            assertShown("No room for connections", full, Map.of());
        }
    }

    @Test
    void what_is_refused_is_refused_in_these_words() throws Exception {
        assertShown("The ttl is refused", ensemble, Map.of());
        assertShown("The chroot is missing", ensemble, Map.of());
        assertShown("Anybody may take the locks", ensemble, Map.of());
    }

    @Test
    void every_figure_to_watch_is_one_that_servers_tell_and_every_variable_one_that_is_read() throws IOException {
        List<String> told = ensemble.leader()
                .ask("mntr")
                .lines()
                .map(line -> line.split("\t", 2)[0])
                .toList();
        assertThat(guide.mentions("\\bzk_[a-z0-9_]+")).hasSizeGreaterThan(8).isSubsetOf(told);

        String read = Files.readString(
                ROOT.resolve("agentcoord-runner/src/main/java/dev/agentcoord/runner/store/Stores.java"));
        assertThat(guide.mentions("\\bAGENTCOORD_ZK_[A-Z_]+"))
                .hasSizeGreaterThan(4)
                .allSatisfy(name -> assertThat(read).contains('"' + name + '"'));
    }

    /** Runs all commands under a heading but the one that starts the agent. */
    private void assertShown(String heading, Ensemble on, Map<String, String> more)
            throws IOException, InterruptedException {
        for (Guide.Example example : guide.examples(heading)) {
            if (!example.words().contains(AGENT)) {
                ProcessBuilder command = command(example, on);
                command.environment().putAll(more);
                assertMatches(example, on, Sandbox.finish(command.start()));
            }
        }
        SHOWN.add(heading);
    }

    /** Returns once the agent holds a lock. */
    private Process startAgent(String heading) throws IOException {
        Path script = sandbox.repository().resolve(AGENT);
        Files.writeString(script, "#!/bin/sh\nagentcoord lock src/A.java && touch holds && exec sleep 600\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        Process agent = command(runOf(heading), ensemble).start();
        await().atMost(LONGEST)
                .failFast("it has ended", () -> !agent.isAlive())
                .until(() -> Files.exists(sandbox.repository().resolve("holds")));
        return agent;
    }

    private void assertEnded(String heading, Process agent) throws IOException, InterruptedException {
        Sandbox.Result result = Sandbox.finish(agent);
        assertMatches(runOf(heading), ensemble, result);
        assertThat(result.code()).isEqualTo(4);
    }

    private static Guide.Example runOf(String heading) {
        return guide.examples(heading).stream()
                .filter(example -> example.words().contains(AGENT))
                .findFirst()
                .orElseThrow();
    }

    private ProcessBuilder command(Guide.Example example, Ensemble on) {
        ProcessBuilder command = sandbox.command(example.words().stream()
                .map(word -> word.replaceFirst("zk-1:2181,zk-2:2181,zk-3:2181", on.connect()))
                .toArray(String[]::new));
        command.environment().put("AGENTCOORD_STORE", "zk:" + on.connect());
        // Sessions that were lost without a majority live on for a ttl, so no two tests share a space.
        command.environment()
                .put("AGENTCOORD_PROJECT", sandbox.home().getFileName().toString());
        command.environment().putAll(example.variables());
        if (example.words().contains("--store")) {
            command.environment().remove("AGENTCOORD_STORE");
        }
        return command;
    }

    private static void assertMatches(Guide.Example example, Ensemble on, Sandbox.Result result) {
        List<String> output = Stream.concat(result.out().lines(), result.err().lines())
                .map(line -> named(line, on))
                .toList();
        assertThat(example.missingIn(output))
                .as("%s says%n%s", example.words(), String.join("\n", output))
                .isEmpty();
    }

    /** With the names of the guide for the servers' addresses. */
    private static String named(String line, Ensemble on) {
        String said = line;
        for (int i = 0; i < on.servers().size(); i++) {
            said = said.replace(on.servers().get(i).connect(), "zk-" + (i + 1) + ":2181");
        }
        return said;
    }

    private Map<String, String> credentials() throws IOException {
        Path file = Files.writeString(sandbox.home().resolve("digest"), "alice:secret\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return Map.of("AGENTCOORD_ZK_DIGEST_FILE", file.toString());
    }
}
