package dev.agentcoord.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the JVMs that tests and simulations start run: this JVM's class path, and an archive of the classes on it, ready to be mapped.
 * Starting is most of what hundreds of them do. Readable by all users, who may have no way to where the build lies; removed at the end.
 * Thread-safe.
 */
public final class ChildClasses {
    /** Named, so that it is not looked for in each jar of the class path: that would be half of the time to open a store. */
    private static final String SELECTORS = "-Djava.nio.channels.spi.SelectorProvider="
            + SelectorProvider.provider().getClass().getName();

    private static final int TRAINING_MINUTES = 2;

    /** Jars alone, since no archive can be of classes in directories. */
    private final String path;
    /** May be missing where the JDK makes none; then it only takes longer. */
    private final Path archive;

    private ChildClasses(String path, Path archive) {
        this.path = path;
        this.archive = archive;
    }

    /**
     * Makes them, with an archive of what a main class loads in one run. The training is given its command, to add arguments and variables
     * to, and a directory of its own; how it ends does not matter. Throws {@link UncheckedIOException} when they cannot be made.
     */
    public static ChildClasses trainedBy(Class<?> main, BiConsumer<ProcessBuilder, Path> training) {
        try {
            Path directory = Files.createTempDirectory(Path.of("/tmp"), "agentcoord-classes-");
            CompletableFuture<Process> trainee = new CompletableFuture<>();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory, trainee)));
            mode(directory, "rwxr-xr-x");
            ChildClasses classes = new ChildClasses(copy(directory), directory.resolve("classes.jsa"));
            classes.archive(main, training, trainee);
            return classes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The command of a small JVM that starts fast, with more options and arguments, each as its text. */
    public List<String> command(List<String> options, Class<?> main, Object... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xshare:auto"));
        command.add(SELECTORS);
        if (Files.exists(archive)) {
            // Where it cannot be used there is nothing to say.
            command.addAll(List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:cds=off", "-Xlog:cds+dynamic=off"));
        }
        command.addAll(options);
        command.addAll(List.of("-cp", path, main.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return command;
    }

    /** A file of options, as {@code java @file} reads them: those of {@link #command} and more, for whoever passes them on. */
    public Path optionsFile(List<String> options) {
        List<String> command = command(options, ChildClasses.class);
        String lines = command.subList(1, command.size() - 1).stream()
                .map(option -> '"' + option.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                .collect(Collectors.joining("\n"));
        try {
            Path file = Files.createTempFile(archive.getParent(), "options", "");
            mode(file, "rw-r--r--");
            return Files.writeString(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void archive(Class<?> main, BiConsumer<ProcessBuilder, Path> prepare, CompletableFuture<Process> started)
            throws IOException {
        Path scratch = Files.createDirectory(archive.resolveSibling("training"));
        ProcessBuilder training = new ProcessBuilder(
                        command(List.of("-XX:ArchiveClassesAtExit=" + archive, "-Djava.io.tmpdir=" + scratch), main))
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        prepare.accept(training, scratch);
        Process trainee = training.start();
        started.complete(trainee);
        try {
            if (!trainee.waitFor(TRAINING_MINUTES, TimeUnit.MINUTES)) {
                trainee.destroyForcibly();
            }
        } catch (InterruptedException e) {
            trainee.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Copies this JVM's class path there; returns it. */
    private static String copy(Path directory) throws IOException {
        List<String> jars = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path from = Path.of(entry);
            if (!entry.isEmpty() && Files.exists(from)) {
                Path jar = directory.resolve("classes-" + jars.size() + ".jar");
                if (Files.isDirectory(from)) {
                    pack(from, jar);
                } else {
                    Files.copy(from, jar);
                }
                mode(jar, "rw-r--r--");
                jars.add(jar.toString());
            }
        }
        return String.join(File.pathSeparator, jars);
    }

    private static void pack(Path directory, Path jar) throws IOException {
        try (Stream<Path> files = Files.walk(directory);
                JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(directory.relativize(file).toString()));
                Files.copy(file, out);
                out.closeEntry();
            }
        }
    }

    private static void mode(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    /** A trainee that is still at work when this JVM ends would go on writing there. */
    private static void delete(Path directory, CompletableFuture<Process> trainee) {
        if (trainee.isDone()) {
            trainee.join().destroyForcibly().onExit().join();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
