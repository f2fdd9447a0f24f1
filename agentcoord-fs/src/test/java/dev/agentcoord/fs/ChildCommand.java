package dev.agentcoord.fs;

import dev.agentcoord.testkit.ChildClasses;
import java.util.List;

/** The commands of the JVMs that these tests start; what they run is made once, when the first is asked for. Thread-safe. */
final class ChildCommand {
    /** For those that make temporary files where this JVM does. */
    static final String TEMPORARY = "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir");

    private static final class Made {
        static final ChildClasses CLASSES = ChildClasses.trainedBy(
                Victim.class, (training, scratch) -> training.command().add(scratch.toString()));
    }

    private ChildCommand() {}

    /** That of a small JVM that starts fast. */
    static List<String> of(List<String> options, Class<?> main, Object... arguments) {
        return Made.CLASSES.command(options, main, arguments);
    }
}
