package dev.agentcoord.benchmarks;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One turn of all clients at one lock.
 *
 * @param latencyMillis median time from the beginning of a release to the grant of the next client, where that is another: who takes it
 *     again itself hands nothing over
 * @param fairness grants of the client with the fewest over those of the one with the most
 * @param cpuMicros processor time of all clients for one grant
 */
record HandOffRound(double latencyMillis, double fairness, double cpuMicros) {
    private static final long HEAD_START = TimeUnit.MILLISECONDS.toNanos(30);

    /** How long each client holds the lock, and how long it rests before it asks again. */
    record Tempo(long holdMicros, long restMicros) {}

    private record Hold(int client, long from, long to) {}

    static HandOffRound run(List<Client> clients, String kind, Tempo tempo, long millis) {
        long begin = System.nanoTime() + HEAD_START;
        long end = begin + TimeUnit.MILLISECONDS.toNanos(millis);
        clients.forEach(client ->
                client.tell(kind + ' ' + begin + ' ' + end + ' ' + tempo.holdMicros() + ' ' + tempo.restMicros()));
        List<Hold> holds = new ArrayList<>();
        List<Integer> counts = new ArrayList<>();
        long cpu = 0;
        for (Client client : clients) {
            int before = holds.size();
            cpu += hear(client, counts.size(), holds);
            counts.add(holds.size() - before);
        }
        return of(holds, counts, cpu);
    }

    private static HandOffRound of(List<Hold> holds, List<Integer> counts, long cpu) {
        holds.sort(Comparator.comparingLong(Hold::from));
        List<Double> gaps = new ArrayList<>();
        for (int i = 1; i < holds.size(); i++) {
            Hold before = holds.get(i - 1);
            Hold next = holds.get(i);
            if (next.client() != before.client()) {
                gaps.add((next.from() - before.to()) / 1e6);
            }
        }
        double least = counts.stream().min(Comparator.naturalOrder()).orElseThrow();
        double most = counts.stream().max(Comparator.naturalOrder()).orElseThrow();
        return new HandOffRound(new Samples(gaps).median(), least / most, cpu / 1e3 / holds.size());
    }

    /** Reads what a client did; returns its processor time in nanoseconds. */
    private static long hear(Client client, int number, List<Hold> holds) {
        while (true) {
            String[] words = client.hear().split(" ", -1);
            if (words[0].equals(HandOffClient.END)) {
                return Long.parseLong(words[1]);
            }
            holds.add(new Hold(number, Long.parseLong(words[0]), Long.parseLong(words[1])));
        }
    }
}
