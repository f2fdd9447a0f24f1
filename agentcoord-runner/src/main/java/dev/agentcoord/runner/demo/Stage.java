package dev.agentcoord.runner.demo;

import dev.agentcoord.runner.text.ShellQuote;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** What the agents of one part find: their checkout, their tasks, their script, and directories for its traces. */
record Stage(Path directory, Checkout checkout, String base, List<DemoTask> tasks, int firstPort) {
    private static final String SCRIPT = "agent.sh";
    private static final String SETTINGS = "settings";

    /** Makes the directories and writes the agents' script. */
    static Stage prepare(Path directory, Checkout checkout, List<DemoTask> tasks, int firstPort)
            throws IOException, InterruptedException {
        for (String name : List.of("scratch", "servers", "git")) {
            Files.createDirectories(directory.resolve(name));
        }
        try (InputStream script = Objects.requireNonNull(Stage.class.getResourceAsStream(SCRIPT), SCRIPT)) {
            Files.copy(script, directory.resolve(SCRIPT));
        }
        return new Stage(directory, checkout, checkout.head(), tasks, firstPort);
    }

    /** Writes what the script has to know: the part, whose name is that of a function in it, and values as pairs. */
    void writeSettings(String part, List<String> more) throws IOException {
        List<String> common = List.of(
                "part", part,
                "marker", Audit.MARKER,
                "directory", directory.toString(),
                "repository", checkout.root().toString(),
                "base", base,
                "first_port", Integer.toString(firstPort),
                "java", Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "classes", classes());
        List<String> all = Stream.concat(common.stream(), more.stream()).toList();
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < all.size(); i += 2) {
            lines.append(all.get(i))
                    .append('=')
                    .append(ShellQuote.quote(all.get(i + 1)))
                    .append('\n');
        }
        Files.writeString(directory.resolve(SETTINGS), lines);
    }

    /** The command that is an agent; its thinking times are its own and differ from one demonstration to the next. */
    List<String> agentCommand(String agent) {
        int seed = (directory + agent).hashCode() & Integer.MAX_VALUE;
        return List.of(
                "sh",
                directory.resolve(SCRIPT).toString(),
                directory.resolve(SETTINGS).toString(),
                agent,
                Integer.toString(seed));
    }

    /** How many commits the agents have made. */
    int commits() throws IOException, InterruptedException {
        return checkout.commitsSince(base);
    }

    Outcome outcome() throws IOException, InterruptedException {
        Audit audit = new Audit(checkout, base);
        return new Outcome(
                tasks.stream().mapToInt(task -> task.files().size()).sum(),
                audit.lostEdits(tasks),
                audit.doubleClaims(tasks),
                Traces.portClashes(directory.resolve("servers")),
                Traces.failedIndexCommands(directory.resolve("git")));
    }

    static String classes() {
        try {
            return Path.of(DevServer.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
