package dev.agentcoord.runner.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;

/** The bytes of a channel one by one: the JDK's streams over a channel let a blocked read stop every write. Not thread-safe. */
final class ByteSource {
    private final ReadableByteChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(4 * 1024).limit(0);

    ByteSource(ReadableByteChannel channel) {
        this.channel = channel;
    }

    /** The next byte, or -1 at the end. */
    int next() throws IOException {
        while (!buffer.hasRemaining()) {
            int read = channel.read(buffer.clear());
            buffer.flip();
            if (read < 0) {
                return -1;
            }
        }
        return buffer.get() & 0xff;
    }

    /** Reads on until the end, or until it is time to go, and drops what comes; looks at the time only when something came. */
    void drop(Duration atMost) throws IOException {
        long began = System.nanoTime();
        do {
            buffer.clear();
        } while (channel.read(buffer) >= 0 && System.nanoTime() - began < atMost.toNanos());
    }

    /** Blocks until the end; what comes before it is dropped. */
    void awaitEnd() throws IOException {
        do {
            buffer.clear();
        } while (channel.read(buffer) >= 0);
    }
}
