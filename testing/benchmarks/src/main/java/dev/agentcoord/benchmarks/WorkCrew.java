package dev.agentcoord.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Producers and consumers of one queue, as processes with some threads each. Not thread-safe. */
final class WorkCrew implements AutoCloseable {
    private static final int SLICES = 3;
    private static final long HEAD_START = TimeUnit.MILLISECONDS.toNanos(30);

    private final List<Client> producers = new ArrayList<>();
    private final List<Client> consumers = new ArrayList<>();

    /**
     * How many there are on each side.
     *
     * @param processes producers, and as many consumers
     * @param threads of each process
     */
    record Size(int processes, int threads) {}

    /** Starts them at a queue: a directory for what is made of files, a port for a server. */
    WorkCrew(QueueRates.Kind kind, String where, Size size) throws IOException {
        for (int i = 0; i < size.processes; i++) {
            producers.add(start(kind, where, size.threads, "producer-" + i));
            consumers.add(start(kind, where, size.threads, "consumer-" + i));
        }
        producers.forEach(client -> client.await("ready"));
        consumers.forEach(client -> client.await("ready"));
    }

    private static Client start(QueueRates.Kind kind, String where, int threads, String name) throws IOException {
        return Client.start(WorkClient.class, List.of(kind.name(), where, Integer.toString(threads), name));
    }

    /** Tasks a second of each: all in each round, one after the other, once they are warm. */
    static Map<QueueRates.Kind, Samples> race(Map<QueueRates.Kind, String> contenders, Size size, Pace pace)
            throws IOException, InterruptedException {
        Map<QueueRates.Kind, WorkCrew> crews = new EnumMap<>(QueueRates.Kind.class);
        Map<QueueRates.Kind, List<Double>> rates = new EnumMap<>(QueueRates.Kind.class);
        try {
            for (Map.Entry<QueueRates.Kind, String> contender : contenders.entrySet()) {
                crews.put(contender.getKey(), new WorkCrew(contender.getKey(), contender.getValue(), size));
            }
            for (WorkCrew crew : crews.values()) {
                pace.warmUp(time -> crew.rate(time.toMillis()));
            }
            for (int round = 0; round < pace.rounds(); round++) {
                crews.forEach((kind, crew) -> rates.computeIfAbsent(kind, key -> new ArrayList<>())
                        .add(crew.rate(SLICES * pace.slice().toMillis())));
            }
        } finally {
            crews.values().forEach(WorkCrew::close);
        }
        Map<QueueRates.Kind, Samples> samples = new EnumMap<>(QueueRates.Kind.class);
        rates.forEach((kind, list) -> samples.put(kind, new Samples(list)));
        return samples;
    }

    /** Tasks a second that went all the way, for so long. */
    double rate(long millis) {
        long begin = System.nanoTime() + HEAD_START;
        long end = begin + TimeUnit.MILLISECONDS.toNanos(millis);
        consumers.forEach(client -> client.tell("take " + begin + ' ' + end));
        producers.forEach(client -> client.tell("put " + begin + ' ' + end));
        long put = 0;
        for (Client client : producers) {
            put += Long.parseLong(client.hear().split(" ", -1)[0]);
        }
        consumers.forEach(client -> client.tell(WorkClient.ALL_PUT));
        long taken = 0;
        long last = begin;
        for (Client client : consumers) {
            String[] words = client.hear().split(" ", -1);
            taken += Long.parseLong(words[0]);
            last = Math.max(last, Long.parseLong(words[1]));
        }
        if (taken != put) {
            throw new IllegalStateException(put + " tasks were put and " + taken + " taken");
        }
        return taken / ((last - begin) / 1e9);
    }

    @Override
    public void close() {
        producers.forEach(Client::close);
        consumers.forEach(Client::close);
    }
}
