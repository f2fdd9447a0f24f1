package dev.agentcoord.runner.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Counts failures in what git and the dev servers wrote themselves, a file for each process. */
final class Traces {
    private static final Pattern INDEX_COMMAND =
            Pattern.compile("\"event\":\"start\".*\"argv\":\\[\"[^\"]*git\",\"(add|commit)\"");
    private static final Pattern FAILED = Pattern.compile("\"event\":\"exit\".*\"code\":[1-9]");

    private Traces() {}

    /** How many {@code git add} and {@code git commit} ended with a failure, read from git's own trace2 events. */
    static int failedIndexCommands(Path directory) throws IOException {
        return count(
                directory,
                trace -> INDEX_COMMAND.matcher(trace).find()
                        && FAILED.matcher(trace).find());
    }

    /** How many dev servers found their port taken when they bound it. */
    static int portClashes(Path directory) throws IOException {
        return count(directory, log -> log.contains(DevServer.CLASH));
    }

    private static int count(Path directory, Predicate<String> matches) throws IOException {
        int count = 0;
        try (Stream<Path> entries = Files.list(directory)) {
            List<Path> files = entries.filter(Files::isRegularFile).toList();
            for (Path file : files) {
                if (matches.test(Files.readString(file, StandardCharsets.ISO_8859_1))) {
                    count++;
                }
            }
        }
        return count;
    }
}
