package dev.agentcoord.runner.control;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sends one command to another runner and relays its answer: what the launcher does, from inside a JVM. */
public final class ControlClient implements AutoCloseable {
    private final SocketChannel channel;
    private final ByteSource source;

    private ControlClient(SocketChannel channel) {
        this.channel = channel;
        this.source = new ByteSource(channel);
    }

    /** Connects; throws {@link IOException} when nobody listens there. */
    public static ControlClient connect(Path socket) throws IOException {
        return new ControlClient(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
    }

    /** Sends the command and relays the answer to its end; the exit code. Throws {@link IOException} when the runner goes away before. */
    public int call(Path directory, List<String> arguments, Reply reply) throws IOException {
        return call(directory, Set.of(), arguments, reply);
    }

    /** As {@link #call(Path, List, Reply)}, with flags. */
    public int call(Path directory, Set<String> flags, List<String> arguments, Reply reply) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        field(request, RequestReader.VERSION);
        field(request, Integer.toString(arguments.size() + 2));
        field(request, directory.toString());
        field(request, String.join(" ", flags));
        arguments.forEach(argument -> field(request, argument));
        ByteBuffer bytes = ByteBuffer.wrap(request.toByteArray());
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        return relay(reply);
    }

    /** Says that no more comes; the answer still does. */
    public void endInput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private int relay(Reply reply) throws IOException {
        for (String line = line(); line != null; line = line()) {
            String text = line.length() > 2 ? line.substring(2) : "";
            switch (line.isEmpty() ? ' ' : line.charAt(0)) {
                case 'O' -> reply.out(text);
                case 'E' -> reply.err(text);
                case 'R' -> reply.raw(bytes(Integer.parseInt(text)));
                case 'X' -> {
                    return Integer.parseInt(text);
                }
                default -> reply.flush();
            }
        }
        throw new EOFException("it ended before it had answered");
    }

    private static void field(ByteArrayOutputStream request, String text) {
        request.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        request.write(0);
    }

    private @Nullable String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = source.next(); b != '\n'; b = source.next()) {
            if (b < 0) {
                return null;
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    private byte[] bytes(int length) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int b = length > 0 ? source.next() : -1; b >= 0; b = bytes.size() < length ? source.next() : -1) {
            bytes.write(b);
        }
        return bytes.toByteArray();
    }
}
