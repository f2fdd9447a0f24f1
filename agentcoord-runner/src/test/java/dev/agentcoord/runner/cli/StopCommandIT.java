package dev.agentcoord.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.core.ProcessStat;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A runner that goes away while it is asked; this process stands in for it. */
final class StopCommandIT {
    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    @Test
    void a_runner_that_ends_amid_its_answer_is_told_of() throws IOException, InterruptedException {
        Path runtime = Files.createDirectories(sandbox.runtime().resolve("0000000a"));
        record(runtime);
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(runtime.resolve("control")));
            Thread runner = new Thread(() -> answerHalf(server), "stand-in");
            runner.start();

            Captured stopped = Captured.of(
                    Dispatcher.ofProcess(Map.of(
                            "XDG_STATE_HOME",
                            sandbox.home().resolve("state").toString(),
                            "AGENTCOORD_STORE",
                            "fs:" + sandbox.home().resolve("store"),
                            "AGENTCOORD_PROJECT",
                            "it")),
                    sandbox.repository(),
                    List.of("stop", "a"));

            assertThat(stopped.err())
                    .isEqualTo("agentcoord: the runner of a does not answer: it ended before it had answered."
                            + " Next: agentcoord reap\n");
            assertThat(stopped.code()).isOne();
            runner.join();
        }
    }

    private void record(Path runtime) throws IOException {
        String start = ProcessStat.parse(Files.readString(Path.of("/proc/self/stat")))
                .map(stat -> Long.toString(stat.startTicks()))
                .orElseThrow();
        Path runs = Files.createDirectories(sandbox.state("runs"));
        Files.writeString(
                runs.resolve("0000000a.json"),
                String.format(
                        "{\"id\":\"0000000a\",\"agent\":\"a\",\"project\":\"it\",\"runtime\":\"%s\",\"log\":\"%s\","
                                + "\"runner\":\"%d\",\"runnerStart\":\"%s\",\"started\":\"2026-01-01T00:00:00Z\"}",
                        runtime,
                        sandbox.state("logs").resolve("a-0000000a.log"),
                        ProcessHandle.current().pid(),
                        start));
    }

    private static void answerHalf(ServerSocketChannel server) {
        try (SocketChannel client = server.accept()) {
            client.read(ByteBuffer.allocate(1024));
            client.write(ByteBuffer.wrap(".\n".getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            // The command then says something else than is expected.
        }
    }
}
