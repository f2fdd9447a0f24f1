package dev.agentcoord.runner.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

final class ProgressIT {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Test
    void what_takes_longer_than_two_seconds_is_said_to_go_on() throws IOException, InterruptedException {
        String result = new Progress(lines::add).during("counting", () -> {
            await().until(() -> !lines.isEmpty());
            return "done";
        });

        assertThat(result).isEqualTo("done");
        assertThat(lines).containsExactly("demo:    2 s: counting");
    }
}
