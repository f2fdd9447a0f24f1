package dev.agentcoord.zk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A link to a server that a test can cut silently, or rob of one reply. */
final class TcpProxy implements AutoCloseable {
    private final int target;
    private final ServerSocket listening;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicReference<@Nullable String> doomed = new AtomicReference<>();
    private volatile boolean cut;

    TcpProxy(int target) throws IOException {
        this.target = target;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        spawn(this::accept);
    }

    String connect() {
        return "127.0.0.1:" + listening.getLocalPort();
    }

    /** From now on swallows every byte and refuses nothing, as a firewall that drops packets does. */
    void cut() {
        cut = true;
    }

    /** The next request that contains the text reaches the server; its reply does not come back, the connection breaks instead. */
    void loseReplyTo(String text) {
        doomed.set(text);
    }

    /** Whether a reply was lost. */
    boolean hasLostReply() {
        return doomed.get() == null;
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                link(kept(listening.accept()));
            } catch (IOException e) {
                assertThat(listening.isClosed())
                        .as("closed, or else broken: " + e)
                        .isTrue();
            }
        }
    }

    private void link(Socket client) throws IOException {
        Link link = new Link(client, cut ? null : kept(new Socket(listening.getInetAddress(), target)));
        spawn(link::requests);
        spawn(link::replies);
    }

    private Socket kept(Socket socket) {
        sockets.add(socket);
        return socket;
    }

    private static void spawn(Runnable task) {
        Thread thread = new Thread(task, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    /** One connection through the proxy; without a server nothing comes back. */
    private final class Link {
        private final Socket client;
        private final @Nullable Socket server;
        private volatile boolean robbed;

        Link(Socket client, @Nullable Socket server) {
            this.client = client;
            this.server = server;
        }

        void requests() {
            pump(client, server);
        }

        void replies() {
            if (server != null) {
                pump(server, client);
            }
        }

        private void pump(Socket from, @Nullable Socket to) {
            byte[] buffer = new byte[64 * 1024];
            try {
                InputStream in = from.getInputStream();
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    if (to != null && !cut) {
                        pass(buffer, n, to);
                    }
                }
                breakOff();
            } catch (IOException e) {
                breakOff();
            }
        }

        private void pass(byte[] buffer, int length, Socket to) throws IOException {
            if (to == client && robbed) {
                doomed.set(null);
                breakOff();
                return;
            }
            String text = doomed.get();
            if (to == server
                    && text != null
                    && new String(buffer, 0, length, StandardCharsets.ISO_8859_1).contains(text)) {
                robbed = true;
            }
            OutputStream out = to.getOutputStream();
            out.write(buffer, 0, length);
        }

        private void breakOff() {
            try {
                client.close();
                if (server != null) {
                    server.close();
                }
            } catch (IOException e) {
                return; // It is broken, which was wanted.
            }
        }
    }
}
