package dev.agentcoord.zk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.core.TimeSource;
import dev.agentcoord.ensemble.Ensemble;
import dev.agentcoord.ensemble.EnsembleSpec;
import dev.agentcoord.zk.Requests.Found;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class BatchesIT {
    @Test
    void what_is_gone_does_not_spoil_the_reading_of_the_rest() throws Exception {
        try (Ensemble ensemble = Ensemble.start(EnsembleSpec.of(1).unsynced());
                RawClient raw = new RawClient(ensemble.connect());
                Connection connection = Connection.open(
                        ZkOptions.of(ensemble.connect(), "x").withTtl(java.time.Duration.ofSeconds(10)),
                        TimeSource.system(),
                        "t")) {
            raw.create("/a", "1");
            raw.create("/c", "3");
            List<String> paths = List.of("/gone", "/a", "/b", "/c");
            Call call = new Call(ZkOptions.of(ensemble.connect(), "x"), "read");

            List<@Nullable Found> found = Batches.read(call, connection.own(), paths, 3);

            assertThat(found)
                    .extracting(one -> one == null ? "-" : new String(one.bytes(), StandardCharsets.UTF_8))
                    .containsExactly("-", "1", "-", "3");
            assertThat(call.await(Batches.missing(connection.own(), paths))).containsExactly("/gone", "/b");
        }
    }
}
