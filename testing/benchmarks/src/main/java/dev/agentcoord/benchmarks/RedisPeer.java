package dev.agentcoord.benchmarks;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.params.SetParams;

/** A Redis server of our own, on loopback, and the usual lock on it. */
final class RedisPeer implements Peer {
    /** What to say where it is missing. */
    static final String MISSING = "redis-server is not installed: sudo apt-get install redis-server";

    private static final String COMMAND = "redis-server";
    private static final String COMPARE_DELETE =
            "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end";
    private static final int SECONDS = 10;
    private static final String LOG = "redis.log";
    private static final List<String> IN_MEMORY = List.of("--appendonly", "no");
    private static final List<String> SYNCED = List.of("--appendonly", "yes", "--appendfsync", "always");

    private final Process process;
    private final int port;

    private RedisPeer(Process process, int port) {
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
        if (!Peers.isInstalled(COMMAND)) {
            return Optional.empty();
        }
        int port = freePort();
        List<String> command = new ArrayList<>(
                List.of(COMMAND, "--port", Integer.toString(port), "--bind", "127.0.0.1", "--save", ""));
        command.addAll(persistence);
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(directory.resolve(LOG).toFile()))
                .start();
        RedisPeer peer = new RedisPeer(process, port);
        peer.awaitAnswer(directory);
        return Optional.of(peer);
    }

    @Override
    public int port() {
        return port;
    }

    /** A lock on one key, with a connection of its own. */
    static Lock lock(int port, String key, String owner) {
        Jedis connection = new Jedis("127.0.0.1", port);
        return new Lock(connection, key, owner, connection.scriptLoad(COMPARE_DELETE));
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitAnswer(Path directory) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                close();
                throw Logs.failure("redis-server did not start", directory.resolve(LOG));
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private boolean answers() {
        try (Jedis connection = new Jedis("127.0.0.1", port)) {
            return "PONG".equals(connection.ping());
        } catch (JedisConnectionException e) {
            return false;
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
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
