package dev.agentcoord.ensemble;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A link to one server that a test can cut silently, or rob of the reply to a chosen write. It passes whole frames of ZooKeeper's
 * protocol. Thread-safe.
 */
public final class TcpProxy implements AutoCloseable {
    /** create, delete, setData, multi, create2, createContainer, createTTL: what changes something. */
    private static final Set<Integer> WRITES = Set.of(1, 2, 5, 14, 15, 19, 21);

    private final int target;
    private final ServerSocket listening;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile boolean cut;
    private volatile boolean deaf;
    private volatile long delay;
    private int writes;
    private int doomed;
    private boolean robbed;
    private boolean cutsThen;

    private TcpProxy(int target, ServerSocket listening) {
        this.target = target;
        this.listening = listening;
    }

    /** A link to the server at a loopback port. */
    public static TcpProxy to(int target) {
        try {
            TcpProxy proxy = new TcpProxy(target, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
            proxy.spawn(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The connect string of the near end. */
    public String connect() {
        return "127.0.0.1:" + listening.getLocalPort();
    }

    /** From now on swallows every byte and refuses nothing, as a firewall that drops packets does. */
    public void cut() {
        cut = true;
    }

    /** From now on requests reach the server and nothing comes back. */
    public void loseReplies() {
        deaf = true;
    }

    /** From now on each request is that late. */
    public void delayRequests(Duration by) {
        delay = by.toNanos();
    }

    /** Lets everything through again, on new connections; those that were cut are broken off. */
    public synchronized void heal() {
        doomed = 0;
        if (cut || deaf) {
            breakOff();
        }
        cut = false;
        deaf = false;
    }

    /** Breaks off every connection; new ones are let through. */
    public void breakOff() {
        for (Socket socket : sockets) {
            closeQuietly(socket);
        }
        sockets.clear();
    }

    /**
     * The reply to the n-th write from now, 1 for the next, does not come back, though the server does it: the connection breaks
     * instead.
     */
    public synchronized void loseReplyToWrite(int n) {
        doomed = writes + n;
        robbed = false;
        cutsThen = false;
    }

    /** The same, and from then on the link is {@link #cut}, so that nobody can look what became of the write. */
    public synchronized void cutAtReplyToWrite(int n) {
        loseReplyToWrite(n);
        cutsThen = true;
    }

    /** Whether the reply was lost. */
    public synchronized boolean hasLostReply() {
        return robbed;
    }

    /** How many writes passed. */
    public synchronized int writes() {
        return writes;
    }

    @Override
    public void close() {
        closeQuietly(listening);
        breakOff();
    }

    private void accept() {
        while (!listening.isClosed()) {
            acceptOne();
        }
    }

    private void acceptOne() {
        try {
            Link link = new Link(kept(listening.accept()));
            spawn(link::requests);
            spawn(link::replies);
        } catch (IOException e) {
            return; // Closed, or the server is down: the client sees its connection break.
        }
    }

    private Socket kept(Socket socket) {
        sockets.add(socket);
        return socket;
    }

    private void spawn(Runnable task) {
        Thread thread = new Thread(task, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether this is the write whose reply is to be lost. */
    private synchronized boolean countWrite() {
        writes++;
        return writes == doomed;
    }

    private synchronized void rob() {
        robbed = true;
        cut |= cutsThen;
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            return; // It is broken, which was wanted.
        }
    }

    /** One connection through the proxy; without a server nothing comes back. */
    private final class Link {
        private final Socket client;
        private final @Nullable Socket server;
        private final Set<Integer> doomedXids = ConcurrentHashMap.newKeySet();
        private boolean greeted;

        Link(Socket client) throws IOException {
            this.client = client;
            client.setTcpNoDelay(true);
            Socket made = null;
            if (!cut) {
                try {
                    made = kept(new Socket(listening.getInetAddress(), target));
                    made.setTcpNoDelay(true);
                } catch (IOException e) {
                    closeQuietly(client);
                    throw e;
                }
            }
            this.server = made;
        }

        void requests() {
            pump(client, server, this::noteRequest);
        }

        void replies() {
            if (server != null) {
                pump(server, client, this::isDoomedReply);
            }
        }

        /** True when the frame must not pass: then the connection ends. */
        private interface Inspection {
            boolean ends(ByteBuffer frame);
        }

        private void pump(Socket from, @Nullable Socket to, Inspection inspection) {
            try {
                DataInputStream in = new DataInputStream(from.getInputStream());
                DataOutputStream out = to == null ? null : new DataOutputStream(to.getOutputStream());
                while (true) {
                    byte[] frame = new byte[in.readInt()];
                    in.readFully(frame);
                    if (inspection.ends(ByteBuffer.wrap(frame))) {
                        rob();
                        closeQuietly(client);
                        break;
                    }
                    if (out != null && !cut && !(deaf && to == client)) {
                        byte[] whole = ByteBuffer.allocate(Integer.BYTES + frame.length)
                                .putInt(frame.length)
                                .put(frame)
                                .array();
                        out.write(whole);
                    }
                }
            } catch (IOException e) {
                // One end is gone, and with it the other.
                closeQuietly(client);
            } finally {
                if (!cut) {
                    closeQuietly(client);
                    if (server != null) {
                        closeQuietly(server);
                    }
                }
            }
        }

        private boolean noteRequest(ByteBuffer frame) {
            boolean isGreeting = !greeted;
            greeted = true;
            if (!isGreeting && WRITES.contains(frame.getInt(Integer.BYTES)) && countWrite()) {
                doomedXids.add(frame.getInt(0));
            }
            LockSupport.parkNanos(delay);
            return false;
        }

        private boolean isDoomedReply(ByteBuffer frame) {
            return doomedXids.contains(frame.getInt(0));
        }
    }
}
