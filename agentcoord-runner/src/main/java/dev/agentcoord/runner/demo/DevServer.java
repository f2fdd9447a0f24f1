package dev.agentcoord.runner.demo;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * The dev server that an agent tries its work on: answers every request on one loopback port until it is killed. A process of its own;
 * {@code nc -l} would not do, because two of them share a port without either noticing.
 */
final class DevServer {
    /** The line it prints when the port belongs to another. */
    static final String CLASH = "address already in use";

    private static final byte[] ANSWER =
            "HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nok\n".getBytes(StandardCharsets.US_ASCII);

    private DevServer() {}

    /** Serves the port given as the only argument; ends with 1 when it cannot be bound. */
    public static void main(String[] args) throws IOException {
        int port = Integer.parseInt(args[0]);
        try (ServerSocket server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
            System.out.println("listening on " + port);
            serve(server);
        } catch (BindException e) {
            System.out.println(port + ": " + CLASH);
            System.exit(1);
        }
    }

    private static void serve(ServerSocket server) throws IOException {
        while (true) {
            try (Socket client = server.accept()) {
                client.getOutputStream().write(ANSWER);
            }
        }
    }
}
