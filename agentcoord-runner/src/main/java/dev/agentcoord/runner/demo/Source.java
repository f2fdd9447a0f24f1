package dev.agentcoord.runner.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/** Where the agents' project comes from: a clone of a real repository, or a small new one when there is none. */
final class Source {
    /** What may stand in a shell word, and in a line of the task list, as it is. */
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._/-]*");

    private static final Pattern TEXT = Pattern.compile(".*\\.(java|md|xml|sh|txt|yml|json|properties)");
    private static final int SMALLEST = 200;
    private static final int LARGEST = 64 * 1024;
    private static final int NEW_FILES = 12;
    private static final int NEW_LINES = 40;

    private final Path origin;
    private final Commands commands;

    Source(Path origin, Commands commands) {
        this.origin = origin;
        this.commands = commands;
    }

    /** Clones the origin into {@code parent}, or makes a repository there, and says so if it had to. */
    Checkout provide(Path parent, Progress progress) throws IOException, InterruptedException {
        Checkout checkout = new Checkout(parent.resolve("repository"), commands);
        if (isClonable()) {
            commands.output(parent, List.of("git", "clone", "--quiet", origin.toString(), "repository"));
        } else {
            progress.say(origin + " is not a git checkout with commits; working on a small new repository instead");
            create(checkout);
        }
        checkout.git("checkout", "--quiet", "-B", "demo");
        checkout.git("config", "gc.auto", "0");
        return checkout;
    }

    /** Up to {@code count} tracked text files of moderate size, chosen at random. */
    static List<String> editableFiles(Checkout checkout, int count, Random random)
            throws IOException, InterruptedException {
        List<String> files = new ArrayList<>();
        for (String file : checkout.git("ls-files", "-z").split("\0", -1)) {
            if (isEditable(checkout.root().resolve(file), file)) {
                files.add(file);
            }
        }
        Collections.shuffle(files, random);
        return List.copyOf(files.subList(0, Math.min(count, files.size())));
    }

    private static boolean isEditable(Path path, String name) throws IOException {
        return PLAIN_NAME.matcher(name).matches()
                && TEXT.matcher(name).matches()
                && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                && Files.size(path) >= SMALLEST
                && Files.size(path) <= LARGEST;
    }

    private boolean isClonable() throws InterruptedException {
        if (!Files.exists(origin.resolve(".git"))) {
            return false; // Perhaps a plain directory below somebody's repository.
        }
        try {
            commands.output(origin, List.of("git", "rev-parse", "--verify", "--quiet", "HEAD"));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void create(Checkout checkout) throws IOException, InterruptedException {
        Files.createDirectories(checkout.root());
        checkout.git("init", "--quiet");
        for (int i = 1; i <= NEW_FILES; i++) {
            Files.writeString(
                    checkout.root().resolve("chapter-" + i + ".txt"),
                    ("A line of chapter " + i + ".\n").repeat(NEW_LINES));
        }
        checkout.git("add", "--all");
        checkout.git(
                "-c",
                "user.name=demo",
                "-c",
                "user.email=demo@localhost",
                "-c",
                "commit.gpgsign=false",
                "commit",
                "--quiet",
                "--message=Begin");
    }
}
