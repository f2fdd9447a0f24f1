package dev.agentcoord.fs;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Somebody who listens on a port without asking anybody, in this JVM or in one of its own. */
final class Stranger {
    private Stranger() {}

    /** Where one can listen. */
    enum Where {
        V4_ANY(StandardProtocolFamily.INET, "0.0.0.0"),
        V4_LOOPBACK(StandardProtocolFamily.INET, "127.0.0.1"),
        V4_ANOTHER_LOOPBACK(StandardProtocolFamily.INET, "127.0.0.2"),
        /** And on version 4, as Java and most servers do. */
        V6_ANY(StandardProtocolFamily.INET6, "::"),
        V6_LOOPBACK(StandardProtocolFamily.INET6, "::1");

        final String address;
        private final StandardProtocolFamily family;

        Where(StandardProtocolFamily family, String address) {
            this.family = family;
            this.address = address;
        }

        ServerSocketChannel listen(int port) throws IOException {
            ServerSocketChannel channel = ServerSocketChannel.open(family);
            try {
                return channel.bind(new InetSocketAddress(address, port));
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        }
    }

    /** Listens on the port given second as the first argument says until it is killed. */
    public static void main(String[] args) throws IOException {
        try (ServerSocketChannel channel = Where.valueOf(args[0]).listen(Integer.parseInt(args[1]))) {
            System.out.println(ProcessHandle.current().pid());
            while (channel.isOpen()) {
                channel.accept().close();
            }
        }
    }

    /** Starts one that is no descendant of this process, and returns its pid when it listens. */
    static long startUnrelated(List<String> before, Where where, int port) throws IOException, InterruptedException {
        Path out = Files.createTempFile("stranger", "");
        String inBackground = "out=$1; shift; \"$@\" </dev/null >\"$out\" 2>&1 &";
        List<String> command = new ArrayList<>(List.of("sh", "-c", inBackground, "sh", out.toString()));
        command.addAll(before);
        command.addAll(ChildCommand.of(List.of(), Stranger.class, where.name(), port));
        new ProcessBuilder(command).start().waitFor();
        return Long.parseLong(await().atMost(Duration.ofSeconds(30))
                .until(() -> Files.readString(out), text -> text.endsWith("\n"))
                .strip());
    }

    /** The first of several neighbouring ports that nobody has, and that the kernel gives to no connection by itself. */
    static int firstOfFree(int count) {
        int first = 20_000 + new Random().nextInt(12_000);
        while (!IntStream.range(first, first + count).allMatch(Stranger::isFree)) {
            first++;
        }
        return first;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
