package dev.agentcoord.benchmarks;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.LockRequest.exclusive;

import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Session;
import dev.agentcoord.Wait;
import dev.agentcoord.benchmarks.Row.Goal;
import dev.agentcoord.benchmarks.Row.Subject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** P1 and P2: one client takes and drops a lock that nobody else wants. */
final class OneClient {
    private static final String WHAT = "fs acquire+release, one path, one client";
    private static final String US = "µs";
    private static final Subject FLOOR = new Subject("P1", WHAT, US, Goal.atMost(3, "x link+unlink"));
    private static final Subject REDIS =
            new Subject("P1", WHAT, US, Goal.atLeast(2.5, "x the speed of Redis in memory"));
    private static final Subject CURATOR = new Subject("P1", WHAT, US, Goal.atLeast(25, "x the speed of Curator"));

    private static final int UNRELATED = 1_000;
    private static final int SESSIONS = 4;
    private static final int CLIENTS = 8;
    private static final int DEPTH = 20;
    private static final int PATHS = 10;

    private final Ground ground;
    private final Peers peers;
    private final Pace pace;

    OneClient(Ground ground, Peers peers, Pace pace) {
        this.ground = ground;
        this.peers = peers;
        this.pace = pace;
    }

    List<Row> p1() throws IOException, InterruptedException {
        RedisPeer redis = peers.redis();
        Contest contest = new Contest()
                .add("fs", lockAndUnlock(ground.join("p1", "client"), exclusive(file("src/a"))))
                .add("floor", new FileFloor(ground.directory()))
                .add("curator", CuratorLocks.mutex(peers.zookeeper().curator(), "/bench/lock"));
        if (redis == null) {
            return p1Rows(contest.run(pace));
        }
        try (RedisPeer.Lock lock = RedisPeer.lock(redis.port(), "p1", "client")) {
            contest.add("redis", () -> {
                lock.tryLock();
                lock.unlock();
            });
            return p1Rows(contest.run(pace));
        }
    }

    private static List<Row> p1Rows(Contest.Results measured) {
        Samples fs = measured.of("fs");
        Samples floor = measured.of("floor");
        Samples curator = measured.of("curator");
        return List.of(
                Row.of(FLOOR, fs.median(), floor.describe("link+unlink", US), fs.over(floor)),
                measured.has("redis") ? redisRow(fs, measured.of("redis")) : Row.skipped(REDIS, RedisPeer.MISSING),
                Row.of(CURATOR, fs.median(), curator.describe("InterProcessMutex", US), curator.over(fs)));
    }

    private static Row redisRow(Samples fs, Samples redis) {
        return Row.of(REDIS, fs.median(), redis.describe("SET NX PX + compare-delete", US), redis.over(fs));
    }

    List<Row> p2() throws IOException {
        List<Session> crowd = crowd();
        try (Churn churn = new Churn(ground.store(), CLIENTS)) {
            Runnable busy = lockAndUnlock(ground.join(Churn.SPACE, "client"), exclusive(file("src/a")));
            Contest.Results measured = new Contest()
                    .add("p1", lockAndUnlock(ground.join("p2", "client"), exclusive(file("src/a"))))
                    .add("crowded", lockAndUnlock(crowd.get(0), exclusive(file("src/a"))))
                    .add("deep", lockAndUnlock(ground.join("p2", "deep"), exclusive(file("d/".repeat(DEPTH) + "a"))))
                    .add("many", lockAndUnlock(ground.join("p2", "many"), exclusive(paths(PATHS, "src/"))))
                    .add("busy", busy, churn::resume, churn::pause)
                    .run(pace);
            return List.of(
                    p2Row(measured, "crowded", "with 1000 unrelated live locks", 1.5),
                    p2Row(measured, "deep", "20 levels deep", 1.2),
                    p2Row(measured, "many", "10 paths in one request", 2),
                    p2Row(measured, "busy", "with 8 clients changing unrelated locks every 1 ms", 3));
        }
    }

    private static Row p2Row(Contest.Results measured, String name, String what, double limit) {
        Samples p1 = measured.of("p1");
        Samples own = measured.of(name);
        Subject subject = new Subject("P2", "fs acquire+release " + what, US, Goal.atMost(limit, "x P1"));
        return Row.of(subject, own.median(), p1.describe("P1", US), own.over(p1));
    }

    /** A client in a space where others hold many locks. */
    private List<Session> crowd() {
        List<Session> sessions = new ArrayList<>();
        sessions.add(ground.join("crowd", "client"));
        for (int i = 0; i < SESSIONS; i++) {
            Session session = ground.join("crowd", "other-" + i);
            for (Item path : paths(UNRELATED / SESSIONS, "other/" + i + "/")) {
                lockForGood(session, path);
            }
            sessions.add(session);
        }
        return sessions;
    }

    private static void lockForGood(Session session, Item path) {
        if (session.locks().tryAcquire(exclusive(path)).isEmpty()) {
            throw new IllegalStateException("somebody else holds " + path);
        }
    }

    static Item[] paths(int count, String prefix) {
        return IntStream.range(0, count).mapToObj(i -> file(prefix + i)).toArray(Item[]::new);
    }

    static Runnable lockAndUnlock(Session session, LockRequest request) {
        return () -> {
            try {
                session.locks().acquire(request, Wait.forever()).release();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while measuring", e);
            }
        };
    }
}
