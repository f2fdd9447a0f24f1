package dev.agentcoord.runner.launcher;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A runner reduced to its socket: takes one request as docs/protocol.md says and gives a fixed answer. */
final class StandInRunner implements AutoCloseable {

    /** One request; each character of its text is one byte. */
    record Request(String directory, List<String> flags, List<String> arguments, String input) {}

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String STILL_WORKING = ".\n";

    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private final ServerSocketChannel server;
    private final CompletableFuture<Request> received = new CompletableFuture<>();
    private final Future<?> served;

    private StandInRunner(Path socket, Answer answer) throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        served = executor.submit(() -> serve(answer));
    }

    @FunctionalInterface
    private interface Answer {
        void to(SocketChannel client) throws IOException;
    }

    static StandInRunner answering(Path socket, String answer) throws IOException {
        return new StandInRunner(socket, client -> write(client, answer));
    }

    /** Never answers, and is done once the client is gone. */
    static StandInRunner waiting(Path socket) throws IOException {
        return new StandInRunner(
                socket,
                client -> await().atMost(LIMIT)
                        .pollInterval(Duration.ofMillis(100))
                        .until(() -> isGone(client)));
    }

    Request request() throws InterruptedException, ExecutionException, TimeoutException {
        return received.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    void awaitDone() throws InterruptedException, ExecutionException, TimeoutException {
        served.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    boolean isDone() {
        return served.isDone();
    }

    @Override
    public void close() throws IOException {
        server.close();
        executor.shutdownNow();
    }

    private void serve(Answer answer) {
        try (SocketChannel client = server.accept()) {
            received.complete(read(Channels.newInputStream(client)));
            answer.to(client);
        } catch (IOException e) {
            received.completeExceptionally(e);
            throw new UncheckedIOException(e);
        }
    }

    private static Request read(InputStream in) throws IOException {
        String version = field(in);
        if (!version.equals("AC1")) {
            throw new IOException("protocol " + version);
        }
        int count = Integer.parseInt(field(in));
        String directory = field(in);
        List<String> flags = List.of(field(in).strip().split(" +"));
        String[] arguments = new String[count - 2];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = field(in);
        }
        String input = flags.contains("stdin") ? new String(in.readAllBytes(), ISO_8859_1) : "";
        return new Request(directory, flags, List.of(arguments), input);
    }

    private static String field(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int b = in.read(); b != 0; b = in.read()) {
            if (b < 0) {
                throw new EOFException("in a field: " + bytes);
            }
            bytes.write(b);
        }
        return bytes.toString(ISO_8859_1);
    }

    private static boolean isGone(SocketChannel client) {
        try {
            write(client, STILL_WORKING);
            return false;
        } catch (IOException broken) {
            return true;
        }
    }

    private static void write(SocketChannel client, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(ISO_8859_1));
        while (bytes.hasRemaining()) {
            client.write(bytes);
        }
    }
}
