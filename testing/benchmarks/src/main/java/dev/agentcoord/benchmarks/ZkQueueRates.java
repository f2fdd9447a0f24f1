package dev.agentcoord.benchmarks;

import dev.agentcoord.NewTask;
import dev.agentcoord.Session;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.benchmarks.QueueRates.Kind;
import dev.agentcoord.benchmarks.Row.Goal;
import dev.agentcoord.benchmarks.Row.Subject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** P7: tasks that are put, taken and acknowledged on ZooKeeper, a second; and what a claim takes where many are queued. */
final class ZkQueueRates {
    private static final String UNIT = "tasks/s";
    private static final String US = "µs";
    private static final int BATCH = 50;
    private static final int SHALLOW = 100;
    private static final int ENQUEUED_AT_ONCE = 1_000;
    private static final String PEER = "x Curator's SimpleDistributedQueue";
    private static final WorkCrew.Size ONE = new WorkCrew.Size(1, 1);
    private static final WorkCrew.Size FOUR = new WorkCrew.Size(1, 4);
    private static final Subject SINGLE =
            new Subject("P7", "ZooKeeper queue, 1 producer and 1 consumer", UNIT, Goal.atLeast(1.3, PEER));
    private static final Subject MANY =
            new Subject("P7", "ZooKeeper queue, 4 producers and 4 consumers", UNIT, Goal.atLeast(1.7, PEER));
    private static final Subject BATCHES =
            new Subject("P7", "ZooKeeper queue, put in batches of " + BATCH, UNIT, Goal.atLeast(5, PEER));

    private final Peers peers;
    private final Pace pace;
    private final int depth;

    /** Compares a queue of 100 tasks with one of so many. */
    ZkQueueRates(Peers peers, Pace pace, int depth) {
        this.peers = peers;
        this.pace = pace;
        this.depth = depth;
    }

    List<Row> p7() throws IOException, InterruptedException {
        ZkServer server = peers.zookeeper();
        Map<Kind, String> contenders = new EnumMap<>(Kind.class);
        contenders.put(Kind.ZK, server.connect());
        contenders.put(Kind.CURATOR, server.connect());
        return List.of(
                row(SINGLE, WorkCrew.race(contenders, ONE, pace)),
                row(MANY, WorkCrew.race(contenders, FOUR, pace)),
                batches(server),
                depths(server));
    }

    private static Row row(Subject subject, Map<Kind, Samples> measured) {
        Samples own = Objects.requireNonNull(measured.get(Kind.ZK));
        Samples curator = Objects.requireNonNull(measured.get(Kind.CURATOR));
        return Row.of(subject, own.median(), against(curator.median()), own.over(curator));
    }

    private static String against(double rate) {
        return String.format(Locale.ROOT, "Curator %.0f %s", rate, UNIT);
    }

    private Row batches(ZkServer server) {
        TaskQueue batched = server.join("batched", "client").queue("work");
        CuratorWork curator = new CuratorWork(server.curator());
        String payload = "a task of some hundred bytes: ".repeat(4);
        List<NewTask> tasks = Collections.nCopies(BATCH, NewTask.of(payload));
        Contest.Results measured = new Contest()
                .add("curator", () -> curator.put(payload))
                .add("batch", () -> batched.enqueueAll(tasks))
                .run(pace);
        double one = 1e6 / measured.of("curator").median();
        double batch = 1e6 * BATCH / measured.of("batch").median();
        return Row.of(BATCHES, batch, against(one), batch / one);
    }

    private Row depths(ZkServer server) {
        Session shallow = server.join("shallow", "client");
        Session deep = server.join("deep", "client");
        fill(shallow.queue("work"), SHALLOW);
        fill(deep.queue("work"), depth);
        List<Double> few = new ArrayList<>();
        List<Double> many = new ArrayList<>();
        for (int round = -1; round < pace.rounds(); round++) {
            double ofFew = p99(shallow.queue("work"));
            double ofMany = p99(deep.queue("work"));
            if (round >= 0) {
                few.add(ofFew);
                many.add(ofMany);
            }
        }
        Samples own = new Samples(many);
        Samples other = new Samples(few);
        Subject subject = new Subject(
                "P7",
                "ZooKeeper queue, claim p99 with " + depth + " queued",
                US,
                Goal.atMost(1.5, "x with " + SHALLOW + " queued"));
        return Row.of(subject, own.median(), other.describe(SHALLOW + " queued", US), own.over(other));
    }

    private static void fill(TaskQueue queue, int tasks) {
        for (int left = tasks; left > 0; left -= ENQUEUED_AT_ONCE) {
            queue.enqueueAll(Collections.nCopies(Math.min(left, ENQUEUED_AT_ONCE), NewTask.of("a task")));
        }
    }

    /** Of claims that each leave as many tasks as there were. */
    private double p99(TaskQueue queue) {
        long end = System.nanoTime() + ROUND_SLICES * pace.slice().toNanos();
        List<Long> nanos = new ArrayList<>();
        while (System.nanoTime() < end) {
            queue.enqueue(NewTask.of("a task"));
            long begun = System.nanoTime();
            var claim = queue.tryClaim().orElseThrow();
            nanos.add(System.nanoTime() - begun);
            claim.complete("");
        }
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        return sorted[(int) Math.ceil(sorted.length * 0.99) - 1] / 1e3;
    }

    private static final int ROUND_SLICES = 3;
}
