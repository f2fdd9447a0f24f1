package dev.agentcoord.fs;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * What the JVMs that tests start run: this JVM's class path, and an archive of the classes on it, ready to be mapped. Starting is most of
 * what hundreds of them do. Immutable.
 *
 * @param path jars alone, since no archive can be of classes in directories
 * @param archive may be missing where the JDK makes none; then it only takes longer
 */
record ChildClasses(String path, Path archive) {
    /** For those that make temporary files where this JVM does. */
    static final String TEMPORARY = "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir");

    private static final String ARCHIVE = "classes.jsa";
    private static final int TRAINING_MINUTES = 2;

    /** Made once, in the temporary directory of this JVM. */
    private static final class Here {
        static final ChildClasses CLASSES = make();

        private static ChildClasses make() {
            try {
                return inJars(Files.createTempDirectory("child-classes")).archived();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** For processes of this user. */
    static ChildClasses here() {
        return Here.CLASSES;
    }

    /** Copies this JVM's class path there. */
    static ChildClasses inJars(Path directory) throws IOException {
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
                jars.add(jar.toString());
            }
        }
        return new ChildClasses(String.join(File.pathSeparator, jars), directory.resolve(ARCHIVE));
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
    ChildClasses archived() throws IOException {
        Process training = new ProcessBuilder(command(
                        List.of("-XX:ArchiveClassesAtExit=" + archive, TEMPORARY),
                        Victim.class,
                        archive.resolveSibling("training").toString()))
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
        return this;
    }

    /** The command of a small JVM that starts fast. */
    List<String> command(List<String> options, Class<?> main, Object... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xshare:auto"));
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
