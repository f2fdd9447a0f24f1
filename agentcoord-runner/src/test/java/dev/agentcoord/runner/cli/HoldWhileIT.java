package dev.agentcoord.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A command under a lock of an agent's session, and a runner that is told here what to answer. */
final class HoldWhileIT {
    private static final Pattern ID = Pattern.compile(LockCommand.WHILE_CONNECTED + "=([0-9a-f-]{36})");

    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    @Test
    void it_returns_when_the_runner_has_released_the_lock() throws IOException, InterruptedException {
        Sandbox.Result result = run(client -> {
            write(client, "O held\n");
            while (client.read(ByteBuffer.allocate(1024)) >= 0) {
                // Until nothing more comes.
            }
            write(client, "E released\nX 0\n");
        });

        assertThat(result.err()).isEqualTo("released\n");
        assertThat(result.out()).isEqualTo("ran\n");
        assertThat(result.code()).isEqualTo(7);
    }

    @Test
    void that_the_runner_is_gone_is_said() throws IOException, InterruptedException {
        Sandbox.Result result = run(client -> write(client, "O held\n"));

        assertThat(result.err())
                .isEqualTo("agentcoord: the runner of this session is gone and its locks are lost: stop editing."
                        + " Next: env -u AGENTCOORD_SOCK agentcoord ls\n");
        assertThat(result.code()).isEqualTo(ExitCode.LOST);
    }

    private interface Runner {
        void answer(SocketChannel client) throws IOException;
    }

    /** Lets the command start, then answers. */
    private Sandbox.Result run(Runner runner) throws IOException, InterruptedException {
        Path socket = sandbox.home().resolve("control");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            CompletableFuture<Void> served = CompletableFuture.runAsync(() -> {
                try (SocketChannel client = server.accept()) {
                    Files.createFile(socket.resolveSibling("hold-" + id(client)));
                    runner.answer(client);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            ProcessBuilder lock = sandbox.command("lock", "x", "--", "sh", "-c", "echo ran; sleep 0.5; exit 7");
            lock.environment().put("AGENTCOORD_SOCK", socket.toString());
            Sandbox.Result result = Sandbox.finish(lock.start());
            served.join();
            return result;
        }
    }

    private static String id(SocketChannel client) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        ByteBuffer bytes = ByteBuffer.allocate(1024);
        while (true) {
            Matcher found = ID.matcher(request.toString(StandardCharsets.UTF_8));
            if (found.find()) {
                return found.group(1);
            }
            if (client.read(bytes.clear()) < 0) {
                throw new IOException("no command was named: " + request);
            }
            request.write(bytes.array(), 0, bytes.position());
        }
    }

    private static void write(SocketChannel client, String text) throws IOException {
        client.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
}
