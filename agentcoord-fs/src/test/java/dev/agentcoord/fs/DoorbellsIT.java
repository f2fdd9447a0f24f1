package dev.agentcoord.fs;

import static org.awaitility.Awaitility.await;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is connected to a bell that is taken down. */
final class DoorbellsIT {
    @TempDir
    private Path dir;

    @Test
    void whoIsConnectedIsLetGoOfWhenTheBellIsTakenDown() throws IOException {
        Path path = dir.resolve("bell");
        AtomicLong rung = new AtomicLong();
        Doorbells bells = new Doorbells();
        Closeable bell = bells.hang(path, (position, trusted) -> rung.set(position));
        try (SocketChannel caller = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            caller.connect(UnixDomainSocketAddress.of(path));
            caller.configureBlocking(false);
            caller.write(ByteBuffer.allocate(Long.BYTES).putLong(0, 7));
            await().until(() -> rung.get() == 7);

            bell.close();

            await().until(() -> caller.read(ByteBuffer.allocate(1)) < 0);
        } finally {
            bells.close();
        }
    }
}
