package dev.agentcoord.ensemble;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One server of an {@link Ensemble}. Its process can be killed, stopped and continued by a test. Thread-safe. */
public final class EnsembleServer {
    private static final String MAIN = "org.apache.zookeeper.server.quorum.QuorumPeerMain";
    private static final int CONNECT_MILLIS = 1_000;
    private static final int READ_MILLIS = 3_000;

    private final Path directory;
    private final Place place;
    private final int port;
    private @Nullable Process process;
    private boolean killed;
    private boolean closed;

    EnsembleServer(Path directory, Place place, int port) {
        this.directory = directory;
        this.place = place;
        this.port = port;
    }

    /** Its client port. */
    public int port() {
        return port;
    }

    /** The connect string of this server alone. */
    public String connect() {
        return place.address() + ":" + port;
    }

    /** SIGKILL: no snapshot, no goodbye. */
    public synchronized void kill() {
        killed = true;
        if (process != null) {
            process.destroyForcibly();
            process.onExit().join();
        }
    }

    /** Starts it again on its data and waits until it serves, for which several need a quorum. */
    public void restart() {
        launch();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (mode().isEmpty() && System.nanoTime() < end) {
            requireNotFailed();
            pause();
        }
    }

    /** Kills it for good. */
    synchronized void close() {
        closed = true;
        kill();
    }

    /** Starts it again and waits for nothing. */
    public synchronized void launch() {
        if (closed) {
            throw new IllegalStateException("the ensemble of server " + connect() + " is closed");
        }
        killed = false;
        List<String> options = new ArrayList<>(List.of("-Xmx128m", "-Dzookeeper.admin.enableServer=false"));
        try {
            options.addAll(Files.readAllLines(directory.resolve("jvm.options")));
            List<String> command = JavaCommand.of(options, MAIN);
            command.add(directory.resolve("zoo.cfg").toString());
            process = new ProcessBuilder(place.command(command))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes its data, as a lost disk does; it must not be running. */
    public void wipe() {
        Ensemble.deleteBelow(directory.resolve("data").resolve("version-2"));
    }

    /** SIGSTOP: its sockets stay open and nothing answers. */
    public void stop() {
        signal("STOP");
    }

    /** SIGCONT: goes on where it was stopped. */
    public void resume() {
        signal("CONT");
    }

    /** Whether its process runs, answering or not. */
    public synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** {@code leader}, {@code follower}, {@code standalone}, {@code read-only}, or empty while it does not serve. */
    public String mode() {
        return ask("srvr")
                .lines()
                .filter(line -> line.startsWith("Mode: "))
                .map(line -> line.substring("Mode: ".length()))
                .findFirst()
                .orElse("");
    }

    /** What it answers to a four-letter word, such as {@code mntr} or {@code wchs}; empty while it does not answer. */
    public String ask(String word) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(place.address(), port), CONNECT_MILLIS);
            // A server that is only just starting may take the connection and never answer it.
            socket.setSoTimeout(READ_MILLIS);
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return "";
        }
    }

    /** The figure of that name among those of {@code mntr}, such as {@code zk_watch_count}. */
    public long figure(String name) {
        return ask("mntr")
                .lines()
                .filter(line -> line.startsWith(name + "\t"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no figure '" + name + "' of " + connect()));
    }

    void configure(int id, EnsembleSpec spec, List<String> members) throws IOException {
        Path data = Files.createDirectories(directory.resolve("data"));
        List<String> lines = new ArrayList<>(List.of(
                "dataDir=" + data,
                "clientPort=" + port,
                "clientPortAddress=" + place.address(),
                "tickTime=" + spec.tick().toMillis(),
                "initLimit=20",
                "syncLimit=4",
                "4lw.commands.whitelist=srvr,srst,mntr,wchs,cons,ruok"));
        lines.addAll(spec.lines());
        lines.addAll(members);
        Files.write(directory.resolve("zoo.cfg"), lines);
        Files.write(directory.resolve("jvm.options"), spec.jvm());
        Files.writeString(data.resolve("myid"), String.valueOf(id));
    }

    synchronized void requireNotFailed() {
        if (process != null && !process.isAlive() && !killed) {
            throw new IllegalStateException("server " + connect() + " ended by itself:\n" + lastLines());
        }
    }

    static void pause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }

    private Path log() {
        return directory.resolve("log");
    }

    String lastLines() {
        try {
            List<String> lines = Files.readAllLines(log());
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
        } catch (IOException e) {
            return "its log cannot be read: " + e;
        }
    }

    private synchronized void signal(String name) {
        if (process == null) {
            return;
        }
        try {
            new ProcessBuilder("sh", "-c", "kill -s \"$0\" \"$1\"", name, String.valueOf(process.pid()))
                    .start()
                    .onExit()
                    .join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
