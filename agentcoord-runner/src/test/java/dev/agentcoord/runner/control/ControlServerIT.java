package dev.agentcoord.runner.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("measures how soon a client that leaves is noticed")
final class ControlServerIT {
    private static final String LS = "AC1\0" + "3\0/\0\0ls\0";

    private Path directory = Path.of("");

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createTempDirectory(Path.of("/tmp"), "ac-it");
    }

    @AfterEach
    void removeDirectory() throws IOException {
        Files.deleteIfExists(directory.resolve("s"));
        Files.delete(directory);
    }

    @Test
    void a_request_is_answered_with_frames_and_an_exit_code() throws IOException {
        try (ControlServer server = serve((request, reply, cancellation) -> {
                    reply.out("in " + request.directory());
                    reply.err(request.arguments().get(0));
                    return 3;
                });
                SocketChannel client = send(LS)) {
            assertThat(readAll(client)).isEqualTo("O in /\nE ls\nX 3\n");
            assertThat(server).isNotNull();
        }
    }

    @Test
    void only_the_owner_may_open_the_socket() throws IOException {
        try (ControlServer server = serve((request, reply, cancellation) -> 0)) {
            assertThat(Files.getPosixFilePermissions(directory.resolve("s")))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThat(server).isNotNull();
        }
    }

    @Test
    void who_sends_too_much_reads_why_although_he_goes_on_writing() throws IOException {
        try (ControlServer server = serve((request, reply, cancellation) -> 0);
                SocketChannel client = send("AC1\0" + "4\0/\0stdin\0state\0put\0")) {
            ByteBuffer much = ByteBuffer.allocate(4 * 1024 * 1024);
            while (much.hasRemaining()) {
                client.write(much);
            }
            client.shutdownOutput();
            assertThat(readAll(client)).contains("more than 1 MiB").endsWith("X 2\n");
            assertThat(server).isNotNull();
        }
    }

    @Test
    void bytes_that_are_no_request_are_answered_with_exit_code_2() throws IOException {
        try (ControlServer server = serve((request, reply, cancellation) -> 0);
                SocketChannel client = send("GET / HTTP/1.1\r\n\0")) {
            assertThat(readAll(client))
                    .startsWith("E agentcoord: this runner speaks AC1")
                    .endsWith("X 2\n");
            assertThat(server).isNotNull();
        }
    }

    @Test
    void a_client_that_leaves_cancels_its_command_at_once() throws IOException {
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        try (ControlServer server =
                serve((request, reply, cancellation) -> waitFor(cancellation, waiting, cancelled))) {
            SocketChannel client = send(LS);
            await().until(() -> waiting.getCount() == 0);
            client.close();

            await().atMost(Duration.ofMillis(300)).until(() -> cancelled.getCount() == 0);
            assertThat(server).isNotNull();
        }
    }

    @Test
    void closing_one_half_cancels_nothing_and_is_answered_by_signs_of_life() throws IOException {
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        try (ControlServer server = serve((request, reply, cancellation) -> waitFor(cancellation, waiting, cancelled));
                SocketChannel client = send(LS)) {
            client.shutdownOutput();

            assertThat(read(client, 6)).isEqualTo(".\n.\n.\n");
            assertThat(cancelled.getCount()).isOne();
            assertThat(server).isNotNull();
        }
    }

    @Test
    void a_client_that_was_stopped_keeps_no_other_from_hearing_signs_of_life() throws IOException {
        CountDownLatch full = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        int room = lines();
        try (ControlServer server = serve((request, reply, cancellation) -> {
                    if (request.arguments().contains("fill")) {
                        fill(reply, room - 1);
                        full.countDown();
                    }
                    return waitFor(cancellation, new CountDownLatch(1), never);
                });
                SocketChannel stopped = send("AC1\0" + "3\0/\0\0fill\0")) {
            await().until(() -> full.getCount() == 0);
            try (SocketChannel other = send(LS)) {
                assertThat(CompletableFuture.supplyAsync(() -> signs(other, 6)))
                        .succeedsWithin(Duration.ofSeconds(10))
                        .isEqualTo(".\n".repeat(6));
            }
            assertThat(stopped.isConnected()).isTrue();
            assertThat(server).isNotNull();
        }
    }

    /** How many short lines, each written by itself, the kernel keeps for somebody who reads nothing. */
    private int lines() throws IOException {
        Path path = directory.resolve("s");
        int lines = 0;
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            try (SocketChannel reader = SocketChannel.open(UnixDomainSocketAddress.of(path));
                    SocketChannel writer = server.accept()) {
                writer.configureBlocking(false);
                while (writer.write(ByteBuffer.wrap("O \n".getBytes(StandardCharsets.UTF_8))) > 0) {
                    lines++;
                }
                assertThat(reader.isConnected()).isTrue();
            }
        }
        Files.delete(path);
        return lines;
    }

    private static void fill(Reply reply, int lines) {
        for (int line = 0; line < lines; line++) {
            reply.out("");
            reply.flush();
        }
    }

    private static String signs(SocketChannel client, int count) {
        try {
            return read(client, 2 * count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int waitFor(Cancellation cancellation, CountDownLatch waiting, CountDownLatch cancelled) {
        try {
            waiting.countDown();
            cancellation.await(
                    () -> {
                        cancelled.await();
                        return cancelled;
                    },
                    cancelled::countDown);
            return 0;
        } catch (InterruptedException e) {
            return 1;
        }
    }

    private ControlServer serve(RequestHandler handler) throws IOException {
        return ControlServer.listen(directory.resolve("s"), handler);
    }

    private SocketChannel send(String request) throws IOException {
        SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve("s")));
        client.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
        return client;
    }

    private static String readAll(SocketChannel client) throws IOException {
        return read(client, Integer.MAX_VALUE);
    }

    private static String read(SocketChannel client, int count) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (bytes.size() < count && client.read(one.clear()) > 0) {
            bytes.write(one.get(0));
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
