package dev.agentcoord.runner.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The checkout that all agents of one part share, on a branch of its own. */
final class Checkout {
    private final Path root;
    private final Commands commands;

    Checkout(Path root, Commands commands) {
        this.root = root;
        this.commands = commands;
    }

    Path root() {
        return root;
    }

    String git(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(Arrays.asList(arguments));
        return commands.output(root, command);
    }

    String head() throws IOException, InterruptedException {
        return git("rev-parse", "HEAD").strip();
    }

    /** How many commits were made since {@code base}. */
    int commitsSince(String base) throws IOException, InterruptedException {
        return Integer.parseInt(git("rev-list", "--count", base + "..HEAD").strip());
    }

    /** A file as last committed, byte for character; empty when it is no longer there. */
    String committed(String file) throws IOException, InterruptedException {
        boolean exists = !git("ls-tree", "HEAD", "--", file).isEmpty();
        return exists ? git("cat-file", "blob", "HEAD:" + file) : "";
    }

    /** A file as it lies in the checkout, byte for character; empty when it is no longer there. */
    String onDisk(String file) throws IOException {
        Path path = root.resolve(file);
        return Files.exists(path) ? Files.readString(path, StandardCharsets.ISO_8859_1) : "";
    }
}
