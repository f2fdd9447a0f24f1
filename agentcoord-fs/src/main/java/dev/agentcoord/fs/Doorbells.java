package dev.agentcoord.fs;

import dev.agentcoord.SessionId;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * Wakes sessions of other processes: a Unix socket each, to which the position of a ticket is written that is granted from now on, or that
 * position below zero where it is probably the next to be. Of whom the kernel says that it is the same user is believed; from anybody else
 * it is a hint. A lost one costs no more than the next look. Connections are kept. Thread-safe, and indifferent to interrupts.
 */
final class Doorbells {
    /** Rung instead of a position: look at all tickets. */
    static final long ALL = 0;

    private static final long NAP_NANOS = 50_000_000;
    private static final int ADDRESS_BYTES = 106;
    private static final Path ELSEWHERE = Path.of("/tmp");
    private static final String PREFIX = "agentcoord-";

    /** Rung instead of a position: the ticket there is probably the next to be granted. */
    static long next(long position) {
        return -position;
    }

    /** What is done when somebody rings; returns quickly. */
    @FunctionalInterface
    interface Bell {
        /** The ticket at the position, {@link #next} or {@link #ALL}; trusted when it comes from the same user, who may do as he likes with it anyway. */
        void rung(long position, boolean trusted);
    }

    /** A bell, the user it belongs to, and those connected to it, who are let go of when it is taken down. */
    private record Hung(ServerSocketChannel door, Bell bell, UserPrincipal owner, Set<SocketChannel> callers) {
        /** A connection to it, trusted by the kernel's word, not the caller's. */
        Line line(SocketChannel caller) throws IOException {
            return new Line(
                    this,
                    caller.getOption(ExtendedSocketOptions.SO_PEERCRED).user().equals(owner));
        }

        void keep(SocketChannel caller) throws IOException {
            callers.add(caller);
            if (!door.isOpen()) {
                letGo(caller);
            }
        }

        void letGo(SocketChannel caller) throws IOException {
            callers.remove(caller);
            caller.close();
        }

        void close() throws IOException {
            door.close();
            for (SocketChannel caller : callers) {
                letGo(caller);
            }
        }
    }

    /** A connection somebody rings on. */
    private record Line(Hung hung, boolean trusted) {}

    /** Kept open; most sessions are rung again soon, or never. */
    private static final int MOST_LINES = 256;

    private final Selector selector;
    private final Map<SessionId, SocketChannel> lines = new ConcurrentHashMap<>();

    Doorbells() throws IOException {
        selector = Selector.open();
        Thread thread = new Thread(this::listen, "agentcoord-doorbell");
        thread.setDaemon(true);
        thread.start();
    }

    /** Nothing hangs here yet, and nothing will. */
    void close() throws IOException {
        selector.close();
    }

    /** Whether a path is short enough for the address of a Unix socket. */
    static boolean fits(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length <= ADDRESS_BYTES;
    }

    /** A place for the bell of a session whose store has too long a path. Anyone may ring there: it is only a hint. */
    static Path elsewhere(SessionId id) {
        return ELSEWHERE.resolve(PREFIX + id.text()).resolve(id.text());
    }

    /** Removes the bell of an ended session; of one elsewhere only what its user made there. */
    static void takeDown(SessionRecord session, int uid) throws IOException {
        Path bell = Path.of(session.bell());
        Path dir = directoryOf(bell);
        if (isElsewhere(dir) && bell.endsWith(session.id().text())) {
            if (Disk.isDirectory(dir) && Disk.uid(dir) == uid) {
                Disk.unlink(bell);
                Files.deleteIfExists(dir);
            }
        }
    }

    private static Path directoryOf(Path bell) {
        Path dir = bell.getParent();
        return dir == null ? ELSEWHERE : dir;
    }

    private static boolean isElsewhere(Path dir) {
        return ELSEWHERE.equals(dir.getParent()) && dir.getFileName().toString().startsWith(PREFIX);
    }

    /** Hangs up a bell at a path; to be closed. */
    Closeable hang(Path path, Bell rung) throws IOException {
        ServerSocketChannel bell = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            if (isElsewhere(directoryOf(path))) {
                Disk.mkdir(directoryOf(path), 0711);
            }
            bell.bind(UnixDomainSocketAddress.of(path));
            Disk.chmod(path, Layout.SHARED_FILE);
            bell.configureBlocking(false);
            Hung hung = new Hung(bell, rung, Files.getOwner(path), ConcurrentHashMap.newKeySet());
            bell.register(selector, SelectionKey.OP_ACCEPT, hung);
            selector.wakeup();
            return () -> takeDown(hung);
        } catch (IOException e) {
            bell.close();
            throw e;
        }
    }

    /** The selector has to let go of what is closed, which it does when it is woken. */
    private void takeDown(Hung hung) throws IOException {
        hung.close();
        selector.wakeup();
    }

    /** Rings at a session, if its bell belongs to the same user as its record; never waits, never fails. */
    void ring(SessionDirectory.Known session, long position) {
        boolean interrupted = Thread.interrupted();
        try {
            ByteBuffer message = ByteBuffer.allocate(Long.BYTES).putLong(0, position);
            SocketChannel line = line(session);
            if (line != null) {
                line.write(message);
            }
        } catch (IOException e) {
            hangUp(session.record().id());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private @Nullable SocketChannel line(SessionDirectory.Known session) throws IOException {
        SessionId id = session.record().id();
        SocketChannel kept = lines.get(id);
        if (kept != null) {
            return kept;
        }
        Path path = Path.of(session.record().bell());
        if (!Disk.isThere(path) || Disk.uid(path) != session.uid()) {
            return null;
        }
        SocketChannel line = SocketChannel.open(StandardProtocolFamily.UNIX);
        line.configureBlocking(false);
        try {
            line.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            line.close();
            throw e;
        }
        SocketChannel other = lines.putIfAbsent(id, line);
        if (other != null) {
            line.close();
            return other;
        }
        if (lines.size() > MOST_LINES) {
            lines.keySet().stream().filter(old -> !old.equals(id)).findFirst().ifPresent(this::hangUp);
        }
        return line;
    }

    private void hangUp(SessionId id) {
        SocketChannel line = lines.remove(id);
        if (line != null) {
            close(line);
        }
    }

    private void listen() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(512 * Long.BYTES);
        while (selector.isOpen()) {
            try {
                selector.select(key -> answer(key, buffer));
            } catch (IOException | ClosedSelectorException e) {
                return;
            }
        }
    }

    private void answer(SelectionKey key, ByteBuffer buffer) {
        try {
            if (key.channel() instanceof ServerSocketChannel bell) {
                SocketChannel caller = accept(bell);
                if (caller != null) {
                    letIn(caller, (Hung) key.attachment());
                }
            } else {
                hear((SocketChannel) key.channel(), (Line) key.attachment(), buffer);
            }
        } catch (IOException | CancelledKeyException e) {
            close(
                    key.channel() instanceof SocketChannel caller && key.attachment() instanceof Line line
                            ? () -> line.hung.letGo(caller)
                            : key.channel());
        }
    }

    private void letIn(SocketChannel caller, Hung hung) {
        try {
            caller.configureBlocking(false);
            caller.register(selector, SelectionKey.OP_READ, hung.line(caller));
            hung.keep(caller);
        } catch (IOException | CancelledKeyException e) {
            close(caller);
        }
    }

    /** A bell outlives a caller that could not be let in, as when there are too many open files; it stays at the door meanwhile. */
    private static @Nullable SocketChannel accept(ServerSocketChannel bell) {
        try {
            return bell.accept();
        } catch (IOException e) {
            LockSupport.parkNanos(NAP_NANOS);
            return null;
        }
    }

    private static void hear(SocketChannel caller, Line line, ByteBuffer buffer) throws IOException {
        buffer.clear();
        if (caller.read(buffer) < 0) {
            line.hung.letGo(caller);
            return;
        }
        buffer.flip();
        if (buffer.remaining() % Long.BYTES != 0) {
            line.hung.bell.rung(ALL, false);
            return;
        }
        while (buffer.hasRemaining()) {
            line.hung.bell.rung(buffer.getLong(), line.trusted);
        }
    }

    private static void close(AutoCloseable channel) {
        try {
            channel.close();
        } catch (Exception e) {
            // Nothing was promised on this line.
            return;
        }
    }
}
