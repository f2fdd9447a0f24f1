package dev.agentcoord.runner.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** Listens on a Unix socket and answers each connection on a thread of its own. Only the socket's owner and root are served. */
public final class ControlServer implements AutoCloseable {
    private static final long KEEP_ALIVE_MILLIS = 500;
    private static final long POLL_MILLIS = 5;
    private static final long STACK_BYTES = 256 * 1024;

    private final ServerSocketChannel server;
    private final PeerCheck peers;
    private final RequestHandler handler;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final ExecutorService workers = Executors.newCachedThreadPool(threads("control"));

    private ControlServer(ServerSocketChannel server, PeerCheck peers, RequestHandler handler) {
        this.server = server;
        this.peers = peers;
        this.handler = handler;
    }

    /** Starts to listen on a new socket of mode 0600 in a directory nobody else may enter. */
    public static ControlServer listen(Path socket, RequestHandler handler) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        channel.bind(UnixDomainSocketAddress.of(socket));
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        ControlServer server =
                new ControlServer(channel, PeerCheck.of(Files.getOwner(socket, LinkOption.NOFOLLOW_LINKS)), handler);
        server.workers.execute(server::accept);
        server.workers.execute(server::tick);
        return server;
    }

    /** Stops listening; requests under way go on until the process ends. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            // It no longer listens either way.
        }
        workers.shutdown();
    }

    /** Waits until those who asked before it was closed have been answered, as long as that. */
    public void awaitAnswers(Duration atMost) throws InterruptedException {
        long began = System.nanoTime();
        while (!connections.isEmpty() && System.nanoTime() - began < atMost.toNanos()) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel client = server.accept();
                if (!peers.admits(client) || !start(() -> serve(client))) {
                    client.close();
                }
            } catch (IOException e) {
                // Closed, or this one client left before it was served.
            }
        }
    }

    private void serve(SocketChannel client) {
        Connection connection = new Connection(client);
        connections.add(connection);
        try {
            connection.serve(handler, this::start);
        } finally {
            connections.remove(connection);
        }
    }

    /** False once it is closed, as when somebody asks in the moment in which the agent ends. */
    private boolean start(Runnable work) {
        try {
            workers.execute(work);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    private void tick() {
        try {
            while (server.isOpen()) {
                TimeUnit.MILLISECONDS.sleep(KEEP_ALIVE_MILLIS);
                // Each on a thread of its own: a client that was stopped reads nothing, and a write to it blocks.
                connections.forEach(connection -> start(connection::keepAlive));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // Nobody does that; then clients are told nothing while they wait.
        }
    }

    private static ThreadFactory threads(String name) {
        return task -> {
            Thread thread = new Thread(null, task, name, STACK_BYTES);
            thread.setDaemon(true);
            return thread;
        };
    }
}
