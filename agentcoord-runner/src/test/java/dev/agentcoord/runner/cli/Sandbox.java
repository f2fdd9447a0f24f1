package dev.agentcoord.runner.cli;

import static org.awaitility.Awaitility.await;

import dev.agentcoord.runner.control.ControlClient;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * For each test a repository, a store and private directories of its own, in which real commands run; everything they start ends with
 * the test.
 */
final class Sandbox implements BeforeEachCallback, AfterEachCallback {
    /** Kept in the environment of agents, so that every process of a test can be found. */
    private static final String TAG = "AGENTCOORD_TEST_SANDBOX";

    private final String tag = UUID.randomUUID().toString();
    private Path home = Path.of("");
    private Path repository = Path.of("");

    /** Directly in /tmp, because the paths of sockets must be short. */
    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        home = Files.createTempDirectory(Path.of("/tmp"), "ac-it").toRealPath();
        repository = Files.createDirectory(home.resolve("repo"));
        Files.createDirectory(repository.resolve(".git"));
    }

    /** The directory of everything. */
    Path home() {
        return home;
    }

    Path repository() {
        return repository;
    }

    Path runtime() {
        return home.resolve("agentcoord");
    }

    /** Where the only runner listens, once it does: its file is there before. */
    Path socket() {
        return await().atMost(Duration.ofMinutes(1))
                .until(this::answering, Optional::isPresent)
                .orElseThrow();
    }

    private Optional<Path> answering() throws IOException {
        if (!Files.isDirectory(runtime())) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.walk(runtime())) {
            return files.filter(path -> path.endsWith("control"))
                    .filter(Sandbox::answers)
                    .findFirst();
        }
    }

    private static boolean answers(Path socket) {
        try {
            ControlClient.connect(socket).close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** How a command ended. */
    record Result(int code, String out, String err) {}

    /** Runs a command in a JVM of its own, without a terminal. */
    Result run(String... words) throws IOException, InterruptedException {
        return finish(start(words));
    }

    /** Runs an agent in the foreground whose program is a shell script; {@code agentcoord} is on its PATH. */
    Result runAgent(String name, String script) throws IOException, InterruptedException {
        return run("run", "--name", name, "--", "sh", "-c", script);
    }

    /** Starts a runner in the foreground. */
    Process startAgent(String name, String script) throws IOException {
        return start("run", "--name", name, "--", "sh", "-c", script);
    }

    Process start(String... words) throws IOException {
        return command(words).start();
    }

    /** Waits for the end and reads all output; nothing of it may be larger than a pipe. */
    static Result finish(Process process) throws IOException, InterruptedException {
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), out, err);
    }

    ProcessBuilder command(String... words) {
        ProcessBuilder builder = new ProcessBuilder(CommandJvm.command(words))
                .directory(repository.toFile())
                .redirectInput(new File("/dev/null"));
        CommandJvm.setEnvironment(builder, home);
        builder.environment().put(TAG, tag);
        return builder;
    }

    /** A file in the repository, empty while it is not there. */
    String read(String file) throws IOException {
        Path path = repository.resolve(file);
        return Files.exists(path) ? Files.readString(path) : "";
    }

    void write(String file, String text) throws IOException {
        Files.writeString(repository.resolve(file), text);
    }

    /** A directory of the user's own lasting files. */
    Path state(String name) {
        return home.resolve("state/agentcoord").resolve(name);
    }

    /** The files in such a directory; none when it is not there. */
    List<Path> files(String name) throws IOException {
        if (!Files.exists(state(name))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(state(name))) {
            return files.toList();
        }
    }

    /** The live processes that this sandbox's commands started, of whatever kind. */
    List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses().filter(this::isOurs).toList();
    }

    /** Ends what is left and removes the files. */
    @Override
    public void afterEach(ExtensionContext context) throws IOException, InterruptedException {
        for (List<ProcessHandle> left = processes(); !left.isEmpty(); left = processes()) {
            left.forEach(ProcessHandle::destroyForcibly);
            TimeUnit.MILLISECONDS.sleep(10);
        }
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private boolean isOurs(ProcessHandle process) {
        try {
            byte[] environment = Files.readAllBytes(Path.of("/proc", Long.toString(process.pid()), "environ"));
            return new String(environment, StandardCharsets.ISO_8859_1).contains(TAG + "=" + tag);
        } catch (IOException e) {
            return false;
        }
    }
}
