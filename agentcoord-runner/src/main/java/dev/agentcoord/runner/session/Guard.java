package dev.agentcoord.runner.session;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The runner's side of {@code guard.sh}: holds the agent at a gate, and learns how it ended. Its connections are what the guard
 * watches: the kernel closes them when this process dies, however it dies. Thread-safe.
 */
final class Guard implements AutoCloseable {
    private static final int MAX_LINE = 64;
    private static final long STACK_BYTES = 256 * 1024;

    private final ServerSocketChannel server;
    private final List<SocketChannel> gates = new ArrayList<>();
    private final List<SocketChannel> kept = new ArrayList<>();
    private final CompletableFuture<Void> watched = new CompletableFuture<>();
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private @Nullable String session;

    private Guard(ServerSocketChannel server) {
        this.server = server;
    }

    /** Starts to listen. */
    static Guard listen(Path socket) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        channel.bind(UnixDomainSocketAddress.of(socket));
        Guard guard = new Guard(channel);
        start(guard::accept);
        return guard;
    }

    /** Completes when the guard watches this process, so that the agent may be let go. */
    CompletableFuture<Void> watched() {
        return watched;
    }

    /** Completes with the agent's exit status, as a shell counts it. */
    CompletableFuture<Integer> ended() {
        return ended;
    }

    /** Lets the agent go, with its session's id. */
    synchronized void open(String id) {
        session = id;
        kept.forEach(this::sendSession);
        openGates();
    }

    /** Ends the guard: what it watches is gone. */
    @Override
    public synchronized void close() {
        close(server);
        gates.forEach(Guard::close);
        kept.forEach(Guard::close);
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel client = server.accept();
                start(() -> receive(client, line(client)));
            } catch (IOException e) {
                // Closed, or this one client left before it was heard.
            }
        }
    }

    private synchronized void receive(SocketChannel client, String line) {
        if (line.startsWith("ended ")) {
            kept.add(client);
            ended.complete(status(line.substring("ended ".length())));
        } else if (line.equals("watch")) {
            kept.add(client);
            sendSession(client);
            watched.complete(null);
        } else if (line.equals("gate")) {
            gates.add(client);
            openGates();
        } else {
            close(client);
        }
    }

    /** A guard may reach its gate before or after it is opened. */
    private void openGates() {
        if (session != null) {
            gates.forEach(gate -> {
                sendSession(gate);
                close(gate);
            });
            gates.clear();
        }
    }

    private void sendSession(SocketChannel client) {
        if (session != null) {
            send(client, session);
        }
    }

    private static int status(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return 1;
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(null, work, "guard", STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
    }

    private static String line(SocketChannel client) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        ByteBuffer one = ByteBuffer.allocate(1);
        try {
            while (line.size() < MAX_LINE && client.read(one.clear()) > 0 && one.get(0) != '\n') {
                line.write(one.get(0));
            }
        } catch (IOException e) {
            return ""; // Gone; an empty line means nothing.
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    private static void send(SocketChannel client, String line) {
        try {
            client.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            close(client);
        }
    }

    private static void close(Channel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It is closed either way.
        }
    }
}
