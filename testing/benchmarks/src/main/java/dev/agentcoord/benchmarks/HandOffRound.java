package dev.agentcoord.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One turn of all clients at one lock.
 *
 * @param latencyMillis median time from the beginning of a release to the grant of the next client, where that is another: who takes it
 *     again itself hands nothing over, and if all do so it is infinite
 * @param fairness grants of the client with the fewest over those of the one with the most
 * @param cpuMicros processor time of all clients for one grant
 * @param grantsPerSecond from the first to the last
 */
record HandOffRound(double latencyMillis, double fairness, double cpuMicros, double grantsPerSecond) {
    private static final long HEAD_START = TimeUnit.MILLISECONDS.toNanos(30);

    /** How long each client holds the lock, and how long it rests before it asks again. */
    record Tempo(long holdMicros, long restMicros) {
        /** Many turns in little time. */
        static final Tempo WARM_UP = new Tempo(0, 0);
    }

    /** What the clients contend for, for how long, and how many threads of each take part. */
    record Turn(String kind, long millis, int lanes) {}

    private record Hold(int client, long from, long to) {}

    /** With one thread of each process. */
    static HandOffRound run(List<Client> clients, String kind, Tempo tempo, long millis) {
        return run(clients, tempo, new Turn(kind, millis, 1));
    }

    static HandOffRound run(List<Client> clients, Tempo tempo, Turn turn) {
        long begin = System.nanoTime() + HEAD_START;
        long end = begin + TimeUnit.MILLISECONDS.toNanos(turn.millis());
        clients.forEach(client -> client.tell(turn.kind()
                + ' '
                + begin
                + ' '
                + end
                + ' '
                + tempo.holdMicros()
                + ' '
                + tempo.restMicros()
                + ' '
                + turn.lanes()));
        List<Hold> holds = new ArrayList<>();
        long cpu = 0;
        for (int i = 0; i < clients.size(); i++) {
            cpu += hear(clients.get(i), i * turn.lanes(), holds);
        }
        int[] counts = new int[clients.size() * turn.lanes()];
        holds.forEach(hold -> counts[hold.client()]++);
        return of(holds, counts, cpu);
    }

    private static HandOffRound of(List<Hold> holds, int[] counts, long cpu) {
        holds.sort(Comparator.comparingLong(Hold::from));
        List<Double> gaps = new ArrayList<>();
        for (int i = 1; i < holds.size(); i++) {
            Hold before = holds.get(i - 1);
            Hold next = holds.get(i);
            if (next.client() != before.client()) {
                gaps.add((next.from() - before.to()) / 1e6);
            }
        }
        double least = Arrays.stream(counts).min().orElseThrow();
        double most = Arrays.stream(counts).max().orElseThrow();
        double seconds = (holds.get(holds.size() - 1).to() - holds.get(0).from()) / 1e9;
        double latency = gaps.isEmpty() ? Double.POSITIVE_INFINITY : new Samples(gaps).median();
        return new HandOffRound(latency, least / most, cpu / 1e3 / holds.size(), holds.size() / seconds);
    }

    /** Reads what a process did, {@code from to} or {@code from to lane}; returns its processor time in nanoseconds. */
    private static long hear(Client client, int first, List<Hold> holds) {
        while (true) {
            String[] words = client.hear().split(" ", -1);
            if (words[0].equals(HandOffClient.END)) {
                return Long.parseLong(words[1]);
            }
            int lane = words.length > 2 ? Integer.parseInt(words[2]) : 0;
            holds.add(new Hold(first + lane, Long.parseLong(words[0]), Long.parseLong(words[1])));
        }
    }
}
