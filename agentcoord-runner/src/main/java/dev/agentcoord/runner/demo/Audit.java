package dev.agentcoord.runner.demo;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out from a checkout and its history what became of the tasks; what the agents said of themselves is not asked. */
final class Audit {
    /** The first word of the line that an agent leaves in a file, followed by the task and the agent. */
    static final String MARKER = "agentcoord-demo";

    private static final Pattern ADDED = Pattern.compile("(?m)^\\+" + MARKER + " (\\S+) (\\S+)\\r?$");
    private static final Pattern COMMIT = Pattern.compile("(?m)^commit ([^\\s:]+) ([^\\s:]+):.*$");

    private final Checkout checkout;
    private final String base;

    /** Judges what was done in {@code checkout} after the commit {@code base}. */
    Audit(Checkout checkout, String base) {
        this.checkout = checkout;
        this.base = base;
    }

    /** Edits that the last commit or the checkout itself does not show. */
    int lostEdits(List<DemoTask> tasks) throws IOException, InterruptedException {
        Map<String, Predicate<String>> shown = new TreeMap<>();
        for (DemoTask task : tasks) {
            for (String file : task.files()) {
                if (!shown.containsKey(file)) {
                    shown.put(file, marks(checkout.committed(file)).and(marks(checkout.onDisk(file))));
                }
            }
        }
        return (int) tasks.stream()
                .flatMap(task -> task.files().stream().map(shown::get).filter(test -> !test.test(task.id())))
                .count();
    }

    /** Tasks committed twice, or whose marker or commit shows the hand of more than one agent anywhere in the history. */
    int doubleClaims(List<DemoTask> tasks) throws IOException, InterruptedException {
        String history = checkout.git(
                "log",
                "--patch",
                "--unified=0",
                "--text",
                "--no-ext-diff",
                "--no-textconv",
                "--no-color",
                "--format=commit %an %s",
                base + "..HEAD");
        Map<String, Integer> commits = new TreeMap<>();
        Map<String, Set<String>> agents = new TreeMap<>();
        for (Matcher commit = COMMIT.matcher(history); commit.find(); ) {
            commits.merge(commit.group(2), 1, Integer::sum);
            note(agents, commit.group(2), commit.group(1));
        }
        for (Matcher added = ADDED.matcher(history); added.find(); ) {
            note(agents, added.group(1), added.group(2));
        }
        return (int) tasks.stream()
                .map(DemoTask::id)
                .filter(id -> commits.getOrDefault(id, 0) > 1
                        || agents.getOrDefault(id, Set.of()).size() > 1)
                .count();
    }

    private static void note(Map<String, Set<String>> agents, String task, String agent) {
        agents.computeIfAbsent(task, t -> new HashSet<>()).add(agent);
    }

    private static Predicate<String> marks(String content) {
        return task -> content.lines().anyMatch(line -> line.startsWith(MARKER + " " + task + " "));
    }
}
