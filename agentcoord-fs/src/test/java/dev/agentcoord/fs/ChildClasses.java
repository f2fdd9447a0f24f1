package dev.agentcoord.fs;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * What the JVMs that tests start run: this JVM's class path, and an archive of the classes on it, ready to be mapped. Starting is most of
 * what hundreds of them do. Made once and readable by all users, who may have no way to where the build lies. Thread-safe.
 */
final class ChildClasses {
    /** For those that make temporary files where this JVM does. */
    static final String TEMPORARY = "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir");

    /** Named, so that it is not looked for in each jar of the class path: that would be half of the time to open a store. */
    private static final String SELECTORS = "-Djava.nio.channels.spi.SelectorProvider="
            + SelectorProvider.provider().getClass().getName();

    private static final int TRAINING_MINUTES = 2;

    private static final class Made {
        static final ChildClasses MADE = make();

        private static ChildClasses make() {
            try {
                Path directory = Files.createTempDirectory(Path.of("/tmp"), "agentcoord-classes-");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
                Disk.chmod(directory, 0755);
                ChildClasses classes = new ChildClasses(copy(directory), directory.resolve("classes.jsa"));
                classes.archive();
                return classes;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void delete(Path directory) {
            try {
                Disk.deleteTree(directory.toFile());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Jars alone, since no archive can be of classes in directories. */
    private final String path;
    /** May be missing where the JDK makes none; then it only takes longer. */
    private final Path archive;

    private ChildClasses(String path, Path archive) {
        this.path = path;
        this.archive = archive;
    }

    /** The command of a small JVM that starts fast. */
    static List<String> command(List<String> options, Class<?> main, Object... arguments) {
        return Made.MADE.commandFor(options, main, arguments);
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
                Disk.chmod(jar, 0644);
                jars.add(jar.toString());
            }
        }
        return String.join(File.pathSeparator, jars);
    }

    private static void pack(Path directory, Path jar) throws IOException {
        try (var files = Files.walk(directory);
                JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(directory.relativize(file).toString()));
                Files.copy(file, out);
                out.closeEntry();
            }
        }
    }

    /** Lets a {@link Victim} do all it knows, and keeps what it has loaded for that. */
    private void archive() throws IOException {
        Process training = new ProcessBuilder(commandFor(
                        List.of("-XX:ArchiveClassesAtExit=" + archive, TEMPORARY),
                        Victim.class,
                        archive.resolveSibling("training")))
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!training.waitFor(TRAINING_MINUTES, TimeUnit.MINUTES)) {
                training.destroyForcibly();
            }
        } catch (InterruptedException e) {
            training.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private List<String> commandFor(List<String> options, Class<?> main, Object... arguments) {
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
}
