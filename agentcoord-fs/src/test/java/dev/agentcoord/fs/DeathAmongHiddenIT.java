package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** How long the dead hold up a process that does not see those of other users. */
@Isolated("what is promised within a second must not wait for other tests")
final class DeathAmongHiddenIT {
    @Test
    void whereOthersAreHiddenTheDeathOfOnesOwnIsStillProven() throws IOException, InterruptedException {
        try (SharedStores stores = SharedStores.of("bob")) {
            Path store = stores.make();
            try (PeerProcess bob = stores.blindPeer("bob", store);
                    PeerProcess own = stores.peer("bob", store)) {
                own.ask("lock o");
                assertThat(bob.tryLock("o")).isFalse();
                own.killNow();
                await().atMost(Duration.ofSeconds(1)).until(() -> bob.tryLock("o"));
            }
        }
    }
}
