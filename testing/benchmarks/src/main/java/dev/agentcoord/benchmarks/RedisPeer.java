package dev.agentcoord.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.params.SetParams;

/** A Redis server of our own, on loopback, and the usual lock on it. Not thread-safe. */
final class RedisPeer implements Peer {
    /** What to say where it is missing. */
    static final String MISSING = "redis-server is not installed: sudo apt-get install redis-server";

    private static final String COMMAND = "redis-server";
    private static final String COMPARE_DELETE =
            "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end";
    private static final List<String> IN_MEMORY = List.of("--appendonly", "no");
    private static final List<String> SYNCED = List.of("--appendonly", "yes", "--appendfsync", "always");

    private final ServerProcess process;
    private final int port;
    private @Nullable RedissonClient redisson;

    private RedisPeer(ServerProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts it in memory only; empty where it is not installed. */
    static Optional<RedisPeer> start(Path directory) throws IOException, InterruptedException {
        return start(directory, IN_MEMORY);
    }

    /** Starts it with a log of all writes, synced at each; empty where it is not installed. */
    static Optional<RedisPeer> startSynced(Path directory) throws IOException, InterruptedException {
        return start(directory, SYNCED);
    }

    private static Optional<RedisPeer> start(Path directory, List<String> persistence)
            throws IOException, InterruptedException {
        if (!ServerProcess.isInstalled(COMMAND)) {
            return Optional.empty();
        }
        int port = ServerProcess.freePort();
        List<String> command = new ArrayList<>(
                List.of(COMMAND, "--port", Integer.toString(port), "--bind", "127.0.0.1", "--save", ""));
        command.addAll(persistence);
        return Optional.of(new RedisPeer(ServerProcess.start(command, directory, () -> answers(port)), port));
    }

    @Override
    public int port() {
        return port;
    }

    /** A client of Redisson, which ends with the server. */
    RedissonClient redisson() {
        RedissonClient known = redisson;
        if (known == null) {
            known = redisson(port);
            redisson = known;
        }
        return known;
    }

    /** As it comes, but with no more connections than a few threads need. */
    static RedissonClient redisson(int port) {
        Config config = new Config();
        config.useSingleServer()
                .setAddress("redis://127.0.0.1:" + port)
                .setConnectionMinimumIdleSize(1)
                .setSubscriptionConnectionMinimumIdleSize(1);
        return Redisson.create(config);
    }

    /** A lock on one key, with a connection of its own. */
    static Lock lock(int port, String key, String owner) {
        Jedis connection = new Jedis("127.0.0.1", port);
        return new Lock(connection, key, owner, connection.scriptLoad(COMPARE_DELETE));
    }

    private static boolean answers(int port) {
        try (Jedis connection = new Jedis("127.0.0.1", port)) {
            return "PONG".equals(connection.ping());
        } catch (JedisConnectionException e) {
            return false;
        }
    }

    @Override
    public void close() {
        if (redisson != null) {
            redisson.shutdown();
        }
        process.close();
    }

    /** The lock that the manual of Redis describes: SET NX PX, and a script that deletes only one's own. Not thread-safe. */
    static final class Lock implements AutoCloseable {
        private static final long TTL_MILLIS = 30_000;

        private final Jedis connection;
        private final String key;
        private final String owner;
        private final String script;

        private Lock(Jedis connection, String key, String owner, String script) {
            this.connection = connection;
            this.key = key;
            this.owner = owner;
            this.script = script;
        }

        /** Whether it was free and is ours now. */
        boolean tryLock() {
            return connection.set(key, owner, SetParams.setParams().nx().px(TTL_MILLIS)) != null;
        }

        void unlock() {
            if (!Long.valueOf(1).equals(connection.evalsha(script, List.of(key), List.of(owner)))) {
                throw new IllegalStateException("the lock in Redis was not ours");
            }
        }

        @Override
        public void close() {
            connection.close();
        }
    }
}
