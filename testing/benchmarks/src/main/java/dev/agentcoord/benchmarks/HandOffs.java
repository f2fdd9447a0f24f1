package dev.agentcoord.benchmarks;

import dev.agentcoord.benchmarks.Row.Goal;
import dev.agentcoord.benchmarks.Row.Subject;
import dev.agentcoord.harness.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** P3: eight processes want one path, each holds it for 2 ms and asks again at once. */
final class HandOffs {
    private static final int CLIENTS = 8;
    private static final long HOLD_MICROS = 2_000;
    private static final HandOffRound.Tempo CROWD = new HandOffRound.Tempo(HOLD_MICROS, 0);
    /** Who rests while the others have their turns asks again when one is left to wait for. */
    private static final HandOffRound.Tempo IN_TURN = new HandOffRound.Tempo(HOLD_MICROS, (CLIENTS - 1) * HOLD_MICROS);

    private static final long WARM_UP_MILLIS = 2_000;

    private static final int SLICES = 4;
    /** The address of a Unix socket is short; where the store is may not be. */
    private static final Path NEAR_THE_ROOT = Path.of("/tmp");

    private static final Subject LATENCY = new Subject(
            "P3", "fs hand-off, 8 processes, 2 ms holds, p50", "ms", Goal.atMost(0.5, "x Redis, tried every 1 ms"));
    /** Of the same goal: where it says no, nothing that wakes a process could say yes. */
    private static final Subject FLOOR = new Subject(
            "P3", "bare token ring, 8 processes, 2 ms holds, p50", "ms", Goal.atMost(0.5, "x Redis, as the floor"));

    private static final Subject FAIRNESS = new Subject(
            "P3",
            "fs hand-off, 8 processes, 2 ms holds, fairness",
            "least/most",
            Goal.atLeast(0.8, "least/most grants"));
    private static final Subject COST = new Subject(
            "P3", "CPU of 8 processes for one hand-off while 7 wait", "µs", Goal.atMost(1.5, "x while about 1 waits"));

    private final Ground ground;
    private final Peers peers;
    private final Pace pace;

    HandOffs(Ground ground, Peers peers, Pace pace) {
        this.ground = ground;
        this.peers = peers;
        this.pace = pace;
    }

    List<Row> p3() throws IOException, InterruptedException {
        RedisPeer redis = peers.redis();
        List<Client> clients = new ArrayList<>();
        Path ring = Files.createTempDirectory(NEAR_THE_ROOT, "agentcoord-ring-");
        try {
            String port = redis == null ? "-" : Integer.toString(redis.port());
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(Client.start(
                        HandOffClient.class,
                        List.of(
                                ground.store().toString(),
                                Integer.toString(i),
                                ring.toString(),
                                Integer.toString(CLIENTS),
                                port)));
            }
            clients.forEach(client -> client.await("ready"));
            return rows(clients, redis != null);
        } finally {
            clients.forEach(Client::close);
            Trees.delete(ring);
        }
    }

    private List<Row> rows(List<Client> clients, boolean withRedis) {
        Measured fs = new Measured();
        Measured redis = new Measured();
        Measured ring = new Measured();
        Measured inTurn = new Measured();
        List<String> kinds = new ArrayList<>(List.of(HandOffClient.FS, HandOffClient.RING));
        if (withRedis) {
            kinds.add(HandOffClient.REDIS);
        }
        kinds.forEach(kind -> HandOffRound.run(clients, kind, HandOffRound.Tempo.WARM_UP, WARM_UP_MILLIS));
        for (int round = -1; round < pace.rounds(); round++) {
            boolean warm = round >= 0;
            fs.add(warm, HandOffRound.run(clients, HandOffClient.FS, CROWD, millis()));
            if (withRedis) {
                redis.add(warm, HandOffRound.run(clients, HandOffClient.REDIS, CROWD, millis()));
            }
            ring.add(warm, HandOffRound.run(clients, HandOffClient.RING, CROWD, millis()));
            inTurn.add(warm, HandOffRound.run(clients, HandOffClient.FS, IN_TURN, millis()));
        }
        Measured peer = withRedis ? redis : null;
        return List.of(latency(LATENCY, fs, peer), latency(FLOOR, ring, peer), fairness(fs, peer), cost(fs, inTurn));
    }

    private long millis() {
        return SLICES * pace.slice().toMillis();
    }

    private static Row latency(Subject subject, Measured measured, @Nullable Measured redis) {
        if (redis == null) {
            return Row.skipped(subject, RedisPeer.MISSING);
        }
        Samples own = measured.latencies();
        Samples other = redis.latencies();
        return Row.of(subject, own.median(), other.describe("Redis", "ms"), own.over(other));
    }

    private static Row fairness(Measured fs, @Nullable Measured redis) {
        double own = fs.fairness().median();
        String against = redis == null
                ? RedisPeer.MISSING
                : String.format(Locale.ROOT, "Redis %.2f", redis.fairness().median());
        return Row.of(FAIRNESS, own, against, own);
    }

    private static Row cost(Measured crowd, Measured inTurn) {
        Samples own = crowd.cost();
        Samples base = inTurn.cost();
        return Row.of(COST, own.median(), base.describe("about 1 waiter", "µs"), own.over(base));
    }

    /** The rounds of one contender. */
    private static final class Measured {
        private final List<HandOffRound> rounds = new ArrayList<>();

        void add(boolean warm, HandOffRound round) {
            if (warm) {
                rounds.add(round);
            }
        }

        Samples latencies() {
            return new Samples(rounds.stream().map(HandOffRound::latencyMillis).toList());
        }

        Samples fairness() {
            return new Samples(rounds.stream().map(HandOffRound::fairness).toList());
        }

        Samples cost() {
            return new Samples(rounds.stream().map(HandOffRound::cpuMicros).toList());
        }
    }
}
