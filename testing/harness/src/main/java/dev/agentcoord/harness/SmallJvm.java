package dev.agentcoord.harness;

import dev.agentcoord.ensemble.Place;
import dev.agentcoord.testkit.ChildClasses;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** JVMs that stand for agents: small, soon warm, and many of them on one machine. Stateless. */
public final class SmallJvm {
    /** The compiler starts early and only the fast one, since each of many processes has to warm up by itself. */
    private static final List<String> OPTIONS = List.of("-XX:CompileThresholdScaling=0.2", "-Xmx48m", "-Xss512k");

    private static final class Made {
        static final ChildClasses CLASSES = ChildClasses.trainedBy(
                Rehearsal.class, (training, scratch) -> training.command().add(scratch.toString()));
    }

    private SmallJvm() {}

    /** Makes what all of them run, which takes some seconds; otherwise the first does. */
    static void prepare() {
        Objects.requireNonNull(Made.CLASSES);
    }

    /**
     * Starts a main class of this JVM's class path, with more options of the JVM; its errors go where those of this JVM go, the rest to the
     * caller.
     */
    public static Process start(List<String> options, Class<?> main, List<String> arguments) throws IOException {
        return start(Place.HERE, options, main, arguments);
    }

    /** As the other, somewhere else and without more options. */
    static Process start(Place place, Class<?> main, List<String> arguments) throws IOException {
        return start(place, List.of(), main, arguments);
    }

    private static Process start(Place place, List<String> options, Class<?> main, List<String> arguments)
            throws IOException {
        List<String> all = new ArrayList<>(OPTIONS);
        all.addAll(options);
        List<String> command = Made.CLASSES.command(all, main, arguments.toArray());
        return new ProcessBuilder(place.command(command))
                .redirectError(Redirect.INHERIT)
                .start();
    }
}
