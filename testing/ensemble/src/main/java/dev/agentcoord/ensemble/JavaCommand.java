package dev.agentcoord.ensemble;

import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command of a further JVM on the class path of this one. Stateless. */
public final class JavaCommand {
    /** Named, so that it is not looked for in each of a hundred jars. */
    private static final String SELECTORS = "-Djava.nio.channels.spi.SelectorProvider="
            + SelectorProvider.provider().getClass().getName();

    private JavaCommand() {}

    /** That of a main class, for the fast compiler alone, with more options; the caller adds the arguments. */
    public static List<String> of(List<String> options, String main) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xshare:auto"));
        command.add(SELECTORS);
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
        return command;
    }
}
