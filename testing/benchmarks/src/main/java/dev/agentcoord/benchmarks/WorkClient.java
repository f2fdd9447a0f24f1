package dev.agentcoord.benchmarks;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Participant;
import dev.agentcoord.fs.Durability;
import dev.agentcoord.fs.FsCoordinator;
import dev.agentcoord.fs.FsOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The main class of one process of {@link QueueRates}: so many threads, each with a queue of its own making, put tasks for a while, or
 * take them until all are taken. Told {@code put BEGIN END}, or {@code take BEGIN END} and once everything is put {@link #ALL_PUT}, it
 * answers how many and when the last was.
 */
final class WorkClient {
    static final String ALL_PUT = "all-put";

    private static final String PAYLOAD = "a task of some hundred bytes: ".repeat(4);

    private final List<WorkLine> lines = new ArrayList<>();
    private final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    private volatile boolean allPut;

    /** Opens the queue for one thread. */
    @FunctionalInterface
    private interface Opener {
        WorkLine open(String name) throws IOException;
    }

    /** What one thread did. */
    private static final class Done {
        private int count;
        private long last;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        WorkClient client = new WorkClient();
        Opener opener = opener(args[0], args[1]);
        for (int i = 0; i < Integer.parseInt(args[2]); i++) {
            client.lines.add(opener.open(args[3] + '-' + i));
        }
        System.out.println("ready");
        for (String line = client.in.readLine(); line != null; line = client.in.readLine()) {
            String[] words = line.split(" ", -1);
            System.out.println(client.work(words[0], Long.parseLong(words[1]), Long.parseLong(words[2])));
        }
    }

    private static Opener opener(String kind, String where) {
        return switch (QueueRates.Kind.valueOf(kind)) {
            case FS -> fs(where, Durability.UNSYNCED);
            case FS_SYNCED -> fs(where, Durability.SYNCED);
            case REDIS, REDIS_SYNCED -> name -> new RedisWork(Integer.parseInt(where), name);
            case BEANSTALK, BEANSTALK_SYNCED -> name -> new BeanstalkPeer.Work(Integer.parseInt(where));
            case FLOOR -> name -> new FloorWork(Path.of(where), name, false);
            case FLOOR_SYNCED -> name -> new FloorWork(Path.of(where), name, true);
            case ZK ->
                name -> new SessionWork(
                        ZkServer.coordinator(where, "queue", ZkServer.TTL).join(Participant.named(name)));
            case CURATOR -> name -> new CuratorWork(ZkServer.curator(where));
        };
    }

    private static Opener fs(String store, Durability durability) {
        Coordinator coordinator =
                FsCoordinator.open(Path.of(store), "queue", FsOptions.defaults().durability(durability));
        return name -> new SessionWork(coordinator.join(Participant.named(name)));
    }

    private String work(String verb, long begin, long end) throws IOException, InterruptedException {
        allPut = false;
        List<Done> done = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (WorkLine line : lines) {
            Done mine = new Done();
            done.add(mine);
            Thread thread = new Thread(() -> {
                LockSupport.parkNanos(begin - System.nanoTime());
                if (verb.equals("put")) {
                    put(line, end, mine);
                } else {
                    take(line, mine);
                }
            });
            thread.start();
            threads.add(thread);
        }
        if (!verb.equals("put")) {
            await(ALL_PUT);
            allPut = true;
        }
        int count = 0;
        long last = 0;
        for (int i = 0; i < threads.size(); i++) {
            threads.get(i).join();
            count += done.get(i).count;
            last = Math.max(last, done.get(i).last);
        }
        return count + " " + last;
    }

    private static void put(WorkLine line, long end, Done done) {
        while (System.nanoTime() < end) {
            line.put(PAYLOAD);
            done.count++;
            done.last = System.nanoTime();
        }
    }

    private void await(String line) throws IOException {
        String heard = in.readLine();
        if (!line.equals(heard)) {
            throw new IOException("expected '" + line + "', heard '" + heard + "'");
        }
    }

    /** Once nobody puts any more, and nothing comes for a while, all is taken. */
    private void take(WorkLine line, Done done) {
        while (true) {
            boolean last = allPut;
            if (line.takeAndFinish()) {
                done.count++;
                done.last = System.nanoTime();
            } else if (last) {
                return;
            }
        }
    }
}
