package dev.agentcoord.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentcoord.testkit.Requirement;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** That everything is measured and reported; how fast it is, is for an idle machine to say. */
class BenchIT {
    private static final int WRONG_OPTION = 2;

    @Test
    void everyRowSaysWhatWasMeasuredAgainstWhat() throws Exception {
        Requirement.command("redis-server", "sudo apt-get install redis-server");
        JsonNode rows = bench("--quick", "--rounds=1", "--json").get("rows");

        Set<String> ids = new HashSet<>();
        for (JsonNode row : rows) {
            assertThat(row.properties())
                    .extracting(Map.Entry::getKey)
                    .containsExactly("id", "what", "value", "unit", "against", "ratio", "goal", "met");
            assertThat(row.get("value").doubleValue()).as(row.toString()).isPositive();
            assertThat(row.get("ratio").doubleValue()).as(row.toString()).isPositive();
            assertThat(row.get("met").textValue()).as(row.toString()).isIn("yes", "no", "shown");
            ids.add(row.get("id").textValue());
        }
        assertThat(ids).containsExactlyInAnyOrder("P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P12");
    }

    @Test
    void aGoalThatNobodyKnowsIsRefused() {
        assertThat(Bench.commandLine().execute("P99")).isEqualTo(WRONG_OPTION);
    }

    private static JsonNode bench(String... options) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            assertThat(Bench.commandLine().execute(options)).isZero();
        } finally {
            System.setOut(before);
        }
        return new ObjectMapper().readTree(out.toString(StandardCharsets.UTF_8));
    }
}
