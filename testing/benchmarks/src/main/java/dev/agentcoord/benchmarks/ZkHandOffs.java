package dev.agentcoord.benchmarks;

import dev.agentcoord.benchmarks.Row.Goal;
import dev.agentcoord.benchmarks.Row.Subject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** P5: 8 and 32 clients want one path on ZooKeeper, each holds it for 2 ms and asks again at once. */
final class ZkHandOffs {
    private static final int PROCESSES = 8;
    /** Threads of each process, with a session each, where there are to be 32 clients. */
    private static final int LANES = 4;

    private static final HandOffRound.Tempo CROWD = new HandOffRound.Tempo(2_000, 0);
    private static final int SLICES = 4;
    private static final long WARM_UP_MILLIS = 4_000;
    private static final List<String> OURS_AND_CURATORS = List.of(ZkHandOffClient.ZK, ZkHandOffClient.CURATOR);

    private final Peers peers;
    private final Pace pace;

    ZkHandOffs(Peers peers, Pace pace) {
        this.peers = peers;
        this.pace = pace;
    }

    List<Row> p5() throws IOException, InterruptedException {
        RedisPeer redis = peers.redis();
        EtcdPeer etcd = peers.etcd();
        List<Client> clients = new ArrayList<>();
        try {
            for (int i = 0; i < PROCESSES; i++) {
                clients.add(Client.start(
                        ZkHandOffClient.class,
                        List.of(
                                peers.zookeeper().connect(),
                                Integer.toString(i),
                                Integer.toString(LANES),
                                ZkHandOffClient.port(redis),
                                ZkHandOffClient.port(etcd))));
            }
            clients.forEach(client -> client.await("ready"));
            List<String> kinds = new ArrayList<>(OURS_AND_CURATORS);
            if (redis != null) {
                kinds.add(ZkHandOffClient.REDISSON);
            }
            if (etcd != null) {
                kinds.add(ZkHandOffClient.ETCD);
            }
            List<Row> rows = new ArrayList<>(rows(clients, 1, kinds));
            rows.addAll(rows(clients, LANES, OURS_AND_CURATORS));
            return rows;
        } finally {
            clients.forEach(Client::close);
        }
    }

    private List<Row> rows(List<Client> clients, int lanes, List<String> kinds) {
        Map<String, List<HandOffRound>> rounds = new LinkedHashMap<>();
        if (!pace.isTrial()) {
            kinds.forEach(kind -> HandOffRound.run(
                    clients, HandOffRound.Tempo.WARM_UP, new HandOffRound.Turn(kind, WARM_UP_MILLIS, lanes)));
        }
        for (int round = -1; round < pace.rounds(); round++) {
            for (String kind : kinds) {
                HandOffRound.Turn turn =
                        new HandOffRound.Turn(kind, SLICES * pace.slice().toMillis(), lanes);
                HandOffRound done = HandOffRound.run(clients, CROWD, turn);
                if (round >= 0) {
                    rounds.computeIfAbsent(kind, k -> new ArrayList<>()).add(done);
                }
            }
        }
        return rows(rounds, lanes);
    }

    private static List<Row> rows(Map<String, List<HandOffRound>> rounds, int lanes) {
        String what = "ZooKeeper hand-off, " + PROCESSES * lanes + " clients, 2 ms holds, ";
        return List.of(
                row(
                        new Subject("P5", what + "p50", "ms", Goal.atMost(0.6, "x Curator")),
                        rounds,
                        lanes,
                        HandOffRound::latencyMillis),
                row(
                        new Subject("P5", what + "throughput", "grants/s", Goal.atLeast(1.2, "x Curator")),
                        rounds,
                        lanes,
                        HandOffRound::grantsPerSecond),
                row(
                        new Subject("P5", what + "fairness", "least/most", Goal.atLeast(0.95, "x Curator")),
                        rounds,
                        lanes,
                        HandOffRound::fairness));
    }

    private static Row row(
            Subject subject, Map<String, List<HandOffRound>> rounds, int lanes, ToDoubleFunction<HandOffRound> figure) {
        Samples own = Objects.requireNonNull(samples(rounds, ZkHandOffClient.ZK, figure));
        Samples curator = Objects.requireNonNull(samples(rounds, ZkHandOffClient.CURATOR, figure));
        String against = curator.describe("Curator", subject.unit());
        if (lanes == 1) {
            against += Samples.beside(
                            "Redisson, in memory",
                            samples(rounds, ZkHandOffClient.REDISSON, figure),
                            subject.unit(),
                            "redis-server")
                    + Samples.beside("etcd", samples(rounds, ZkHandOffClient.ETCD, figure), subject.unit(), "etcd");
        }
        return Row.of(subject, own.median(), against, own.over(curator));
    }

    private static @Nullable Samples samples(
            Map<String, List<HandOffRound>> rounds, String kind, ToDoubleFunction<HandOffRound> figure) {
        List<HandOffRound> those = rounds.get(kind);
        return those == null
                ? null
                : new Samples(those.stream().map(figure::applyAsDouble).toList());
    }
}
