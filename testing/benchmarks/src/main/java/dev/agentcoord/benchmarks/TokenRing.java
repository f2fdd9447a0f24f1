package dev.agentcoord.benchmarks;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One process of a ring that passes a byte on over Unix sockets and does nothing else: what the machine itself takes to wake the next
 * process, below which no hand-off between processes gets. Not thread-safe.
 */
final class TokenRing implements AutoCloseable {
    private static final byte GO = 1;
    private static final byte STOP = 0;

    private final Path directory;
    private final int number;
    private final int size;
    private final ServerSocketChannel door;
    private final ByteBuffer token = ByteBuffer.allocateDirect(1);
    private @Nullable Links links;

    /** What is done by who has the token. */
    @FunctionalInterface
    interface Hold {
        void run();
    }

    /** The connections to both neighbours. */
    private record Links(SocketChannel before, SocketChannel next) {}

    /** A place in the ring below a directory. Its neighbours find it from now on. */
    TokenRing(Path directory, int number, int size) throws IOException {
        this.directory = directory;
        this.number = number;
        this.size = size;
        this.door = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        door.bind(address(number));
    }

    private UnixDomainSocketAddress address(int place) {
        return UnixDomainSocketAddress.of(directory.resolve("ring-" + place));
    }

    /** Takes turns until one of the ring, all of which call this, finds that the time is over; the first place begins. */
    void run(long end, Hold hold) throws IOException {
        Links neighbours = links();
        boolean mine = number == 0;
        while (mine || receive(neighbours) == GO) {
            mine = false;
            hold.run();
            if (System.nanoTime() >= end) {
                pass(neighbours, STOP);
                receive(neighbours);
                return;
            }
            pass(neighbours, GO);
        }
        pass(neighbours, STOP);
    }

    private Links links() throws IOException {
        Links known = links;
        if (known == null) {
            SocketChannel next = SocketChannel.open(address((number + 1) % size));
            known = new Links(door.accept(), next);
            links = known;
        }
        return known;
    }

    private byte receive(Links neighbours) throws IOException {
        token.clear();
        if (neighbours.before.read(token) < 0) {
            throw new IOException("a process of the ring ended");
        }
        return token.get(0);
    }

    private void pass(Links neighbours, byte what) throws IOException {
        token.clear();
        neighbours.next.write(token.put(0, what));
    }

    @Override
    public void close() throws IOException {
        if (links != null) {
            links.before.close();
            links.next.close();
        }
        door.close();
    }
}
