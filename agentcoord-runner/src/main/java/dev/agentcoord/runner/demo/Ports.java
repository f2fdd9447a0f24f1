package dev.agentcoord.runner.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Random;
import java.util.stream.IntStream;

/** Finds ports for the dev servers. */
final class Ports {
    /** Above the usual services, below the range that Linux and macOS hand out to outgoing connections. */
    private static final int LOWEST = 20_000;

    private static final int HIGHEST = 30_000;
    private static final int TRIES = 100;

    private Ports() {}

    /** The first of {@code count} neighbouring ports that are all free on loopback now. */
    static int firstOfFree(int count, Random random) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            int first = LOWEST + random.nextInt(HIGHEST - LOWEST - count);
            if (IntStream.range(first, first + count).allMatch(Ports::isFree)) {
                return first;
            }
        }
        throw new IOException("found no " + count + " free neighbouring ports from " + LOWEST + " to " + HIGHEST);
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
