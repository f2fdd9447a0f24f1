package dev.agentcoord.benchmarks;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A beanstalkd of our own, on loopback. */
final class BeanstalkPeer implements Peer {
    private static final String COMMAND = "beanstalkd";
    private static final String LOG = "binlog";

    private final ServerProcess process;
    private final int port;

    private BeanstalkPeer(ServerProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts it in memory only; empty where it is not installed. */
    static Optional<BeanstalkPeer> start(Path directory) throws IOException, InterruptedException {
        return start(directory, List.of());
    }

    /** Starts it with a log of all jobs, synced at each write; empty where it is not installed. */
    static Optional<BeanstalkPeer> startSynced(Path directory) throws IOException, InterruptedException {
        Files.createDirectories(directory.resolve(LOG));
        return start(directory, List.of("-b", LOG, "-f", "0"));
    }

    private static Optional<BeanstalkPeer> start(Path directory, List<String> persistence)
            throws IOException, InterruptedException {
        if (!ServerProcess.isInstalled(COMMAND)) {
            return Optional.empty();
        }
        int port = ServerProcess.freePort();
        List<String> command = new ArrayList<>(List.of(COMMAND, "-l", "127.0.0.1", "-p", Integer.toString(port)));
        command.addAll(persistence);
        return Optional.of(new BeanstalkPeer(ServerProcess.start(command, directory, () -> answers(port)), port));
    }

    @Override
    public int port() {
        return port;
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(address(port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static InetSocketAddress address(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    @Override
    public void close() {
        process.close();
    }

    /** What its protocol needs for put, reserve and delete, over a connection of its own. Not thread-safe. */
    static final class Work implements WorkLine {
        private final Socket socket = new Socket();
        private final InputStream in;
        private final OutputStream out;

        Work(int port) throws IOException {
            socket.connect(address(port));
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
            out = new BufferedOutputStream(socket.getOutputStream());
        }

        @Override
        public void put(String payload) {
            expect("INSERTED", ask("put 0 0 600 " + payload.length() + "\r\n" + payload));
        }

        @Override
        public boolean takeAndFinish() {
            String[] answer = ask("reserve-with-timeout 1").split(" ", -1);
            if (answer[0].equals("TIMED_OUT")) {
                return false;
            }
            expect("RESERVED", answer[0]);
            read(Integer.parseInt(answer[2]) + 2);
            expect("DELETED", ask("delete " + answer[1]));
            return true;
        }

        private static void expect(String wanted, String answer) {
            if (!answer.startsWith(wanted)) {
                throw new IllegalStateException("beanstalkd answers " + answer);
            }
        }

        private String ask(String command) {
            try {
                out.write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
                out.flush();
                StringBuilder line = new StringBuilder();
                for (int c = in.read(); c != '\n'; c = in.read()) {
                    if (c < 0) {
                        throw new IOException("beanstalkd hung up");
                    }
                    line.append((char) c);
                }
                return line.toString().strip();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void read(int bytes) {
            try {
                in.readNBytes(bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
