package dev.agentcoord.runner.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One client: reads its request, lets it be handled and writes the answer. Reads and writes go to the channel itself, because
 * the JDK's stream adapters let a blocked read stop every write.
 */
final class Connection implements Reply {
    private static final int FLUSH_AT = 64 * 1024;
    private static final Duration LONGEST_REST = Duration.ofSeconds(5);

    private final SocketChannel channel;
    private final Cancellation cancellation = new Cancellation();
    private final ReentrantLock writing = new ReentrantLock();
    private final Frames frames = new Frames();
    private int size;
    private boolean idle = true;
    private boolean ended;

    Connection(SocketChannel channel) {
        this.channel = channel;
    }

    /** Serves the client to the end; the executor watches meanwhile whether the client is still there. */
    void serve(RequestHandler handler, Executor watchers) {
        try (channel) {
            RequestReader reader = new RequestReader(channel);
            Request request = read(reader);
            if (request != null) {
                watchers.execute(() -> watch(reader));
                end(handler.handle(request, this, cancellation));
            }
        } catch (IOException e) {
            cancellation.cancel(); // The client is gone, and nobody is left to be told.
        }
    }

    private @Nullable Request read(RequestReader reader) throws IOException {
        try {
            return reader.read();
        } catch (MalformedRequestException e) {
            err("agentcoord: " + e.getMessage());
            end(2);
            channel.shutdownOutput();
            reader.dropRest(LONGEST_REST);
            return null;
        }
    }

    /**
     * Says that the work goes on, unless something was written since the last call. Never blocks on a writer, but on a client that
     * reads nothing.
     */
    void keepAlive() {
        if (writing.tryLock()) {
            try {
                if (idle) {
                    probe();
                }
                idle = true;
            } finally {
                writing.unlock();
            }
        }
    }

    @Override
    public void out(String line) {
        write(line.length(), () -> frames.out(line));
    }

    @Override
    public void err(String line) {
        write(line.length(), () -> frames.err(line));
    }

    @Override
    public void raw(byte[] bytes) {
        write(bytes.length, () -> frames.raw(bytes));
    }

    @Override
    public void flush() {
        write(FLUSH_AT, () -> {});
    }

    private void end(int code) {
        write(FLUSH_AT, () -> {
            frames.exit(code);
            ended = true;
        });
    }

    private void write(int length, Runnable frame) {
        writing.lock();
        try {
            frame.run();
            size += length;
            if (size >= FLUSH_AT) {
                send();
            }
        } finally {
            writing.unlock();
        }
    }

    private void probe() {
        if (!ended) {
            frames.keepAlive();
            send();
        }
    }

    private void send() {
        size = 0;
        idle = false;
        ByteBuffer bytes = ByteBuffer.wrap(frames.take());
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            cancellation.cancel();
        }
    }

    /** The end of input may be one half only, closed on purpose; whether all of it is, a write tells. */
    private void watch(RequestReader reader) {
        try {
            reader.awaitEnd();
            writing.lock();
            try {
                probe();
            } finally {
                writing.unlock();
            }
            if (!cancellation.isCancelled()) {
                cancellation.inputEnded();
            }
        } catch (IOException e) {
            cancellation.cancel();
        }
    }
}
