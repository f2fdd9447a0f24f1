package dev.agentcoord.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentcoord.testkit.Requirement;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** That everything is measured and reported; how fast it is, is for an idle machine to say. */
class BenchIT {
    private static final int WRONG_OPTION = 2;

    @Test
    void everyRowSaysWhatWasMeasuredAgainstWhat() throws Exception {
        Requirement.command("redis-server", "sudo apt-get install redis-server");
        Requirement.command("etcd", "sudo apt-get install etcd-server");
        JsonNode rows = bench("--quick", "--rounds=1", "--json").get("rows");

        Set<String> ids = new HashSet<>();
        for (JsonNode row : rows) {
            assertThat(row.properties())
                    .extracting(Map.Entry::getKey)
                    .containsExactly("id", "what", "value", "unit", "against", "ratio", "goal", "met");
            assertThat(row.get("value").doubleValue()).as(row.toString()).isPositive();
            assertThat(row.get("ratio").doubleValue()).as(row.toString()).isPositive();
            assertThat(row.get("met").textValue()).as(row.toString()).isIn("yes", "no", "shown");
            assertThat(row.get("against").textValue()).doesNotContain("not installed");
            ids.add(row.get("id").textValue());
        }
        assertThat(ids).containsExactlyInAnyOrder("P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P12");
    }

    @Test
    void aGoalThatNobodyKnowsIsRefused() {
        assertThat(Bench.commandLine().execute("P99")).isEqualTo(WRONG_OPTION);
    }

    @Test
    void whatFailsIsNamedInOneLineAndTheRestIsStillMeasuredAndPrinted() throws Exception {
        Bench.Measuring failsOnce = (id, ground, peers) -> {
            if (id == Bench.Measure.P2) {
                throw new IllegalStateException("no P2", new IOException("said:\nno\n  disk"));
            }
            return List.of(Row.shown(id.name(), "something", "µs", 2, "nothing", 1));
        };

        Run run = run(new CommandLine(new Bench(failsOnce)), "--json", "P1", "P2", "P3");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(new ObjectMapper().readTree(run.out()).get("rows"))
                .extracting(row -> row.get("id").textValue())
                .containsExactly("P1", "P3");
        assertThat(run.err().lines())
                .containsExactly(
                        "bench: measuring P1",
                        "bench: measuring P2",
                        "bench: P2 failed: java.lang.IllegalStateException: no P2, because of java.io.IOException: said: | no | disk",
                        "bench: measuring P3");
    }

    private static JsonNode bench(String... options) throws Exception {
        Run run = run(Bench.commandLine(), options);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return new ObjectMapper().readTree(run.out());
    }

    private record Run(int exitCode, String out, String err) {}

    private static Run run(CommandLine command, String... options) {
        PrintStream outBefore = System.out;
        PrintStream errBefore = System.err;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            int exitCode = command.execute(options);
            return new Run(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(outBefore);
            System.setErr(errBefore);
        }
    }
}
