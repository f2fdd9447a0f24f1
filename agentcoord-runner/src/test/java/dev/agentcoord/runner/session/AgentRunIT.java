package dev.agentcoord.runner.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.Coordinator;
import dev.agentcoord.SessionStatus;
import dev.agentcoord.runner.store.Place;
import dev.agentcoord.runner.store.PlaceFinder;
import dev.agentcoord.runner.store.PlaceOptions;
import dev.agentcoord.runner.store.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs whose runner is this process, so that it can be seen when what they held is released. */
final class AgentRunIT {
    private static final Duration END = Duration.ofSeconds(20);

    private Path home = Path.of("");
    private Path state = Path.of("");
    private Map<String, String> environment = Map.of();

    /** Directly in /tmp, because the paths of sockets must be short. */
    @BeforeEach
    void makeDirectory() throws IOException {
        home = Files.createTempDirectory(Path.of("/tmp"), "ac-it").toRealPath();
        state = home.resolve("state/agentcoord");
        environment = Map.of(
                "PATH", System.getenv("PATH"),
                "AGENTCOORD_STORE", "fs:" + home.resolve("store"),
                "AGENTCOORD_PROJECT", "it",
                "XDG_STATE_HOME", home.resolve("state").toString(),
                "XDG_RUNTIME_DIR", home.toString());
    }

    @AfterEach
    void removeDirectory() throws IOException {
        Deletion.of(home);
    }

    @Test
    void who_stops_an_agent_finds_released_what_it_held() throws IOException, InterruptedException {
        try (Coordinator coordinator = open()) {
            AgentRun run = start(coordinator);

            run.stop(Duration.ZERO);

            assertThat(run.session().status()).isEqualTo(SessionStatus.CLOSED);
            assertThat(run.over()).succeedsWithin(END);
        }
    }

    @Test
    void what_an_agent_held_is_released_though_its_end_cannot_be_recorded() throws IOException, InterruptedException {
        try (Coordinator coordinator = open()) {
            AgentRun run = start(coordinator);
            Path runs = state.resolve("runs");
            Deletion.of(runs);
            Files.createFile(runs);

            run.stop(Duration.ZERO);

            assertThat(run.over()).succeedsWithin(END);
            assertThat(run.session().status()).isEqualTo(SessionStatus.CLOSED);
            assertThat(run.record().runtime().path()).doesNotExist();
        }
    }

    @Test
    void nothing_is_left_of_a_run_that_cannot_be_recorded() throws IOException {
        Files.createFile(Files.createDirectories(state).resolve("runs"));
        try (Coordinator coordinator = open()) {
            assertThatThrownBy(() -> start(coordinator)).isInstanceOf(IOException.class);

            assertThat(coordinator.sessions()).isEmpty();
            assertThat(state.resolve("logs")).isEmptyDirectory();
            await().untilAsserted(() -> assertThat(sockets()).isEmpty());
        }
    }

    /** The run's that are open, those whose file is gone included. */
    private List<String> sockets() throws IOException {
        try (Stream<String> all = Files.lines(Path.of("/proc/net/unix"))) {
            return all.filter(line -> line.contains(home.resolve("agentcoord") + "/"))
                    .toList();
        }
    }

    private Coordinator open() {
        return Stores.open(place(), environment);
    }

    private Place place() {
        return new PlaceFinder(environment).find(home, PlaceOptions.NONE);
    }

    private AgentRun start(Coordinator coordinator) throws IOException, InterruptedException {
        RunPlan plan = new RunPlan("a", place(), home, List.of("sleep", "60"), environment, Set.of(), List.of());
        return AgentRun.start(plan, coordinator, run -> (request, reply, cancellation) -> 0);
    }
}
