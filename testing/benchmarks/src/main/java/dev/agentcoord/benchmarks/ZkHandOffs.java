package dev.agentcoord.benchmarks;

import dev.agentcoord.benchmarks.Row.Goal;
import dev.agentcoord.benchmarks.Row.Subject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** P5: 8 and 32 clients want one path on ZooKeeper, each holds it for 2 ms and asks again at once. */
final class ZkHandOffs {
    private static final int PROCESSES = 8;
    /** Threads of each process, with a session each, where there are to be 32 clients. */
    private static final int LANES = 4;

    private static final HandOffRound.Tempo CROWD = new HandOffRound.Tempo(2_000, 0);
    private static final int SLICES = 4;

    private final Peers peers;
    private final Pace pace;

    ZkHandOffs(Peers peers, Pace pace) {
        this.peers = peers;
        this.pace = pace;
    }

    List<Row> p5() throws IOException {
        List<Client> clients = new ArrayList<>();
        try {
            for (int i = 0; i < PROCESSES; i++) {
                clients.add(Client.start(
                        ZkHandOffClient.class,
                        List.of(peers.zookeeper().connect(), Integer.toString(i), Integer.toString(LANES))));
            }
            clients.forEach(client -> client.await("ready"));
            List<Row> rows = new ArrayList<>(rows(clients, 1));
            rows.addAll(rows(clients, LANES));
            return rows;
        } finally {
            clients.forEach(Client::close);
        }
    }

    private List<Row> rows(List<Client> clients, int lanes) {
        List<String> kinds = List.of(ZkHandOffClient.ZK, ZkHandOffClient.CURATOR);
        Map<String, List<HandOffRound>> rounds = new LinkedHashMap<>();
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
        return rows(rounds, PROCESSES * lanes);
    }

    private static List<Row> rows(Map<String, List<HandOffRound>> rounds, int clients) {
        String what = "ZooKeeper hand-off, " + clients + " clients, 2 ms holds, ";
        return List.of(
                row(
                        new Subject("P5", what + "p50", "ms", Goal.atMost(0.6, "x Curator")),
                        rounds,
                        HandOffRound::latencyMillis),
                row(
                        new Subject("P5", what + "throughput", "grants/s", Goal.atLeast(1.2, "x Curator")),
                        rounds,
                        HandOffRound::grantsPerSecond),
                row(
                        new Subject("P5", what + "fairness", "least/most", Goal.atLeast(0.95, "x Curator")),
                        rounds,
                        HandOffRound::fairness));
    }

    private static Row row(
            Subject subject, Map<String, List<HandOffRound>> rounds, ToDoubleFunction<HandOffRound> figure) {
        Samples own = samples(rounds, ZkHandOffClient.ZK, figure);
        Samples curator = samples(rounds, ZkHandOffClient.CURATOR, figure);
        String against = String.format(Locale.ROOT, "Curator %.3g %s", curator.median(), subject.unit());
        return Row.of(subject, own.median(), against, own.over(curator));
    }

    private static Samples samples(
            Map<String, List<HandOffRound>> rounds, String kind, ToDoubleFunction<HandOffRound> figure) {
        return new Samples(rounds.getOrDefault(kind, List.of()).stream()
                .map(figure::applyAsDouble)
                .toList());
    }
}
