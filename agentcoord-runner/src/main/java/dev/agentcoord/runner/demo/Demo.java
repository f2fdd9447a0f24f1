package dev.agentcoord.runner.demo;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.runner.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The demonstration: the same agents do the same tasks in one checkout, first without agentcoord and then with it, and the results are
 * counted in files and git history. Not thread-safe.
 */
public final class Demo {
    /** A slow machine takes its time; one on which nothing moves any more does not get there. */
    private static final Duration LONGEST_WITHOUT_COMMIT = Duration.ofMinutes(2);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
    private static final int LOOKS_PER_LINE = 20;
    private static final int INTERRUPTED = 130;

    private final DemoOptions options;
    private final Consumer<String> out;
    private final Progress progress;
    private final long seed = new Random().nextLong();
    private final long began = System.nanoTime();

    /** A demonstration that writes lines of its result to {@code out} and of its progress to {@code err}. */
    public Demo(DemoOptions options, Consumer<String> out, Consumer<String> err) {
        this.options = options;
        this.out = out;
        this.progress = new Progress(err);
    }

    /**
     * Runs both parts, reports, and removes every trace, also when interrupted by a signal. Returns the exit code: 0 when the
     * coordinated part lost nothing and left nothing behind, else 1.
     */
    public int run() throws IOException, InterruptedException {
        try (Workspace workspace = Workspace.create(options.keep())) {
            try {
                return compare(workspace);
            } catch (IOException | CoordinationException | Refusal e) {
                if (workspace.isEnded()) {
                    return INTERRUPTED; // It failed because Ctrl-C took everything away.
                }
                throw e;
            }
        }
    }

    private int compare(Workspace workspace) throws IOException, InterruptedException {
        Outcome uncoordinated = runUncoordinated(workspace);
        Stage stage = progress.during("preparing", () -> stage(workspace, "coordinated"));
        Leftovers leftovers = runCoordinated(workspace, stage);
        Outcome coordinated = progress.during("counting", stage::outcome);
        Report report = new Report(uncoordinated, coordinated, secondsSince(began));
        (options.json() ? List.of(report.json()) : report.table()).forEach(out);
        if (options.keep()) {
            progress.say("everything is kept in " + workspace.directory());
        }
        return report.coordinated().isClean() && leftovers.isEmpty() ? 0 : 1;
    }

    private Outcome runUncoordinated(Workspace workspace) throws IOException, InterruptedException {
        progress.say(options.agents() + " agents as people run them today");
        Stage stage = progress.during("preparing", () -> stage(workspace, "uncoordinated"));
        try (Part part = new UncoordinatedPart(stage, workspace, options)) {
            play(part, stage);
        }
        return progress.during("counting", stage::outcome);
    }

    private Leftovers runCoordinated(Workspace workspace, Stage stage) throws IOException, InterruptedException {
        progress.say(options.agents() + " agents with agentcoord");
        try (CoordinatedPart part = new CoordinatedPart(stage, workspace, options)) {
            play(options.chaos() ? new Chaos(part, stage, workspace, options, progress) : part, stage);
            Leftovers leftovers = part.leftovers();
            progress.say("  all agents have ended: " + leftovers);
            return leftovers;
        }
    }

    private Stage stage(Workspace workspace, String name) throws IOException, InterruptedException {
        Random random = new Random(seed);
        Path directory = Files.createDirectory(workspace.directory().resolve(name));
        Checkout checkout = new Source(options.home(), workspace.commands()).provide(directory, progress);
        // As many as agents, so that several tasks meet in each of them, as they do in the files that everybody
        // touches.
        List<String> files = Source.editableFiles(checkout, options.agents(), random);
        if (files.isEmpty()) {
            throw new IOException(options.home() + " has no text file that agents could edit");
        }
        List<DemoTask> tasks = DemoTask.random(options.edits(), files, random);
        return Stage.prepare(directory, checkout, tasks, Ports.firstOfFree(options.agents(), random));
    }

    private void play(Part part, Stage stage) throws IOException, InterruptedException {
        long start = System.nanoTime();
        long moved = start;
        int commits = 0;
        part.start();
        for (int look = 1; !part.isOver(); look++) {
            if (look % LOOKS_PER_LINE == 0) {
                int before = commits;
                commits = stage.commits();
                moved = commits == before ? moved : System.nanoTime();
                progress.say(String.format(
                        "  %2.0f s: %d tasks, %d commits",
                        secondsSince(start), stage.tasks().size(), commits));
            }
            if (secondsSince(moved) > LONGEST_WITHOUT_COMMIT.toSeconds()) {
                throw Refusal.failed(
                        "no agent committed anything for " + LONGEST_WITHOUT_COMMIT.toSeconds() + " seconds, after "
                                + commits + " commits",
                        "agentcoord demo --agents 2 --edits 6");
            }
            TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS.toMillis());
        }
    }

    private static double secondsSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1e9;
    }
}
