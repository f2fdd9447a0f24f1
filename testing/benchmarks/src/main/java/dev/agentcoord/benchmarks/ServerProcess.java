package dev.agentcoord.benchmarks;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/** The process of a server that is measured beside us. It ends when it is closed, and with this JVM at the latest. */
final class ServerProcess implements AutoCloseable {
    private static final int SECONDS = 30;

    private final Process process;
    private final Thread lastResort;

    private ServerProcess(Process process) {
        this.process = process;
        this.lastResort = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(lastResort);
    }

    /** Whether there is such a command. */
    static boolean isInstalled(String command) {
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(System.getenv().getOrDefault("PATH", ""))
                .anyMatch(directory -> new File(directory, command).canExecute());
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Starts it in a directory, with its log there, and waits until it answers; throws, with what it said, if it does not. */
    static ServerProcess start(List<String> command, Path directory, BooleanSupplier answers)
            throws IOException, InterruptedException {
        Path log = directory.resolve(command.get(0) + ".log");
        ServerProcess server = new ServerProcess(new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(log.toFile()))
                .start());
        boolean ready = false;
        try {
            ready = server.await(answers);
        } finally {
            if (!ready) {
                server.close();
            }
        }
        if (!ready) {
            throw Logs.failure(command.get(0) + " did not start", log);
        }
        return server;
    }

    private boolean await(BooleanSupplier answers) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (!answers.getAsBoolean()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return true;
    }

    /** Returns when it is gone, or it would still write where its directory is being deleted. */
    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
        try {
            Runtime.getRuntime().removeShutdownHook(lastResort);
        } catch (IllegalStateException e) {
            // The JVM is ending already, for which the hook was there.
        }
    }
}
