package dev.agentcoord.benchmarks;

import dev.agentcoord.NewTask;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.benchmarks.Row.Goal;
import dev.agentcoord.benchmarks.Row.Subject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** P6: tasks that are put, taken and acknowledged, a second. */
final class QueueRates {
    private static final String UNIT = "tasks/s";
    private static final WorkCrew.Size ONE = new WorkCrew.Size(1, 1);
    private static final WorkCrew.Size FOUR = new WorkCrew.Size(4, 1);
    private static final WorkCrew.Size FOUR_THREADS = new WorkCrew.Size(1, 4);
    private static final int BATCH = 50;
    private static final Subject UNSYNCED = new Subject(
            "P6",
            "fs queue not synced, 4 producer and 4 consumer processes",
            UNIT,
            Goal.atLeast(0.7, "x Redis streams in memory"));
    private static final Subject BARE = new Subject(
            "P6",
            "bare renames, the same 8 processes: the floor",
            UNIT,
            Goal.atLeast(0.7, "x Redis streams in memory"));
    private static final Subject SYNCED = new Subject(
            "P6",
            "fs queue synced, 4 producers in one process, 4 consumers in one",
            UNIT,
            Goal.atLeast(1, "x Redis streams, AOF always"));
    private static final Subject FLOOR = new Subject(
            "P6", "fs queue synced, 1 producer and 1 consumer", UNIT, Goal.atLeast(0.8, "x bare synced files"));
    private static final Subject BATCHES =
            new Subject("P6", "fs queue synced, put in batches of " + BATCH, UNIT, Goal.atLeast(5, "x put one by one"));

    private final Ground ground;
    private final Peers peers;
    private final Pace pace;

    /** Whose queue. */
    enum Kind {
        /** Ours, not synced. */
        FS,
        /** Ours, each put and each end synced. */
        FS_SYNCED,
        /** Redis streams in memory. */
        REDIS,
        /** Redis streams, each write synced. */
        REDIS_SYNCED,
        /** In memory. */
        BEANSTALK,
        /** Each write synced. */
        BEANSTALK_SYNCED,
        /** Bare files, not synced. */
        FLOOR,
        /** Bare files, synced. */
        FLOOR_SYNCED,
        /** Ours on ZooKeeper. */
        ZK,
        /** Curator's SimpleDistributedQueue on the same server: a task whose consumer dies is lost. */
        CURATOR
    }

    QueueRates(Ground ground, Peers peers, Pace pace) {
        this.ground = ground;
        this.peers = peers;
        this.pace = pace;
    }

    List<Row> p6() throws IOException, InterruptedException {
        Map<Kind, String> unsynced = new EnumMap<>(Kind.class);
        unsynced.put(Kind.FS, ground.store().toString());
        unsynced.put(Kind.FLOOR, ground.directory().resolve("bare-unsynced").toString());
        add(unsynced, Kind.REDIS, peers.redis());
        add(unsynced, Kind.BEANSTALK, peers.beanstalk());
        Map<Kind, String> synced = new EnumMap<>(Kind.class);
        synced.put(Kind.FS_SYNCED, ground.store().toString());
        add(synced, Kind.REDIS_SYNCED, peers.syncedRedis());
        add(synced, Kind.BEANSTALK_SYNCED, peers.syncedBeanstalk());
        Map<Kind, String> alone = new EnumMap<>(Kind.class);
        alone.put(Kind.FS_SYNCED, ground.store().toString());
        alone.put(Kind.FLOOR_SYNCED, ground.directory().resolve("bare-queue").toString());
        List<Row> rows = new ArrayList<>();
        Map<Kind, Samples> fours = WorkCrew.race(unsynced, FOUR, pace);
        rows.add(row(UNSYNCED, fours, Kind.FS, Kind.REDIS, Kind.BEANSTALK));
        rows.add(row(BARE, fours, Kind.FLOOR, Kind.REDIS, null));
        rows.add(row(
                SYNCED,
                WorkCrew.race(synced, FOUR_THREADS, pace),
                Kind.FS_SYNCED,
                Kind.REDIS_SYNCED,
                Kind.BEANSTALK_SYNCED));
        rows.add(row(FLOOR, WorkCrew.race(alone, ONE, pace), Kind.FS_SYNCED, Kind.FLOOR_SYNCED, null));
        rows.add(batches());
        return rows;
    }

    private static void add(Map<Kind, String> contenders, Kind kind, @Nullable Peer peer) {
        if (peer != null) {
            contenders.put(kind, Integer.toString(peer.port()));
        }
    }

    private static Row row(
            Subject subject, Map<Kind, Samples> measured, Kind own, Kind against, @Nullable Kind beside) {
        Samples mine = measured.get(own);
        Samples other = measured.get(against);
        if (mine == null || other == null) {
            return Row.skipped(subject, RedisPeer.MISSING);
        }
        String described = describe(against, other);
        Samples third = beside == null ? null : measured.get(beside);
        if (beside != null) {
            described += third == null ? "; beanstalkd is not installed" : "; " + describe(beside, third);
        }
        return Row.of(subject, mine.median(), described, mine.over(other));
    }

    private static String describe(Kind kind, Samples samples) {
        String name = kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return String.format(Locale.ROOT, "%s %.0f %s", name, samples.median(), UNIT);
    }

    private Row batches() {
        TaskQueue single = ground.join("single", "client").queue("work");
        TaskQueue batched = ground.join("batched", "client").queue("work");
        NewTask task = NewTask.of("a task of some hundred bytes: ".repeat(4));
        Contest.Results measured = new Contest()
                .add("one", () -> single.enqueue(task))
                .add("batch", () -> batched.enqueueAll(Collections.nCopies(BATCH, task)))
                .run(pace);
        double one = 1e6 / measured.of("one").median();
        double batch = 1e6 * BATCH / measured.of("batch").median();
        return Row.of(BATCHES, batch, String.format(Locale.ROOT, "one by one %.0f %s", one, UNIT), batch / one);
    }
}
