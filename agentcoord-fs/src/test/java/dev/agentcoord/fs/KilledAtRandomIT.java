package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.FencingToken;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.testkit.Campaign;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Several processes compete for a few locks, and every so often one of them is killed, be it holding or waiting, wherever it is. */
@Isolated("what is promised within a second must not wait for other tests")
final class KilledAtRandomIT {
    private static final List<String> PATHS = List.of("a", "b");
    private static final int PER_PATH = 2;
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final int KILLS = Campaign.size(15, 1_000);
    /** So many are started before any competes: they would start slowly beside those who do. */
    private static final int STARTED_AHEAD = 20;

    private static final int LATEST_MILLIS = 200;

    @TempDir
    private Path dir;

    private final Random random = new Random(Campaign.seed());
    private final List<Competitor> competitors = new ArrayList<>();
    private final Deque<VictimProcess> ahead = new ArrayDeque<>();
    private int started;
    private Survivors survivors;

    /** One that takes and releases the lock on a path for ever. */
    private record Competitor(VictimProcess process, String session, String path) {}

    @BeforeEach
    void begin() throws IOException, InterruptedException {
        survivors = new Survivors(dir.resolve("store"));
        startAhead();
        for (VictimProcess victim : ahead) {
            victim.thread();
        }
        for (String path : PATHS) {
            for (int i = 0; i < PER_PATH; i++) {
                enter(path);
            }
        }
    }

    @AfterEach
    void end() {
        competitors.forEach(competitor -> competitor.process.close());
        ahead.forEach(VictimProcess::close);
        survivors.close();
    }

    @Test
    void noLockIsLostAndNoPositionRepeats() throws Exception {
        List<Duration> waits = new ArrayList<>();
        for (int i = 0; i < KILLS; i++) {
            LockSupport.parkNanos(
                    Duration.ofMillis(random.nextInt(LATEST_MILLIS)).toNanos());
            Competitor dead = competitors.remove(random.nextInt(competitors.size()));
            dead.process.kill();
            waits.add(heirGets(dead.path));
            survivors.sweptAway(dead.session);
            enter(dead.path);
        }
        for (Competitor competitor : competitors) {
            competitor.process.kill();
        }
        survivors.areAlone("after all were killed");
        long grants = 0;
        for (String path : PATHS) {
            grants += checkLedger(path);
        }
        waits.sort(null);
        Duration slowest = waits.get(KILLS - 1);
        Campaign.report(
                "random kills", KILLS + " among " + grants + " grants, slowest after " + slowest.toMillis() + " ms");
        // Those who live take their turns before the heir, and a busy machine may keep one of them from its own.
        assertThat(waits.get(KILLS * 9 / 10)).isLessThan(SOON);
        assertThat(slowest).isLessThan(SOON.multipliedBy(10));
    }

    private Duration heirGets(String path) throws Exception {
        long since = System.nanoTime();
        survivors.heirWants(LockRequest.exclusive(Item.file(path)));
        return survivors.heirGets(since);
    }

    private void startAhead() throws IOException {
        while (ahead.size() < STARTED_AHEAD && started < PATHS.size() * PER_PATH + KILLS) {
            ahead.add(VictimProcess.cold(dir));
            started++;
        }
    }

    private void enter(String path) throws IOException {
        VictimProcess next = ahead.remove();
        startAhead();
        assertThat(next.ask("open store")).isEqualTo("done");
        String session = String.valueOf(next.ask("join")).substring("done ".length());
        next.begin("churn " + path);
        competitors.add(new Competitor(next, session, path));
    }

    /** Each holder wrote its token while it held the lock, unless it was killed in the middle. */
    private long checkLedger(String path) throws IOException {
        List<FencingToken> tokens = Files.readAllLines(dir.resolve("ledger-" + path)).stream()
                .map(FencingToken::parse)
                .toList();
        for (int i = 1; i < tokens.size(); i++) {
            assertThat(tokens.get(i)).isGreaterThan(tokens.get(i - 1));
        }
        return tokens.size();
    }
}
