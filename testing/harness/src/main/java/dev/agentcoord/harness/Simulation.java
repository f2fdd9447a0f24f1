package dev.agentcoord.harness;

import dev.agentcoord.Coordinator;
import dev.agentcoord.harness.history.Attempt;
import dev.agentcoord.harness.history.Call.Outcome;
import dev.agentcoord.harness.history.History;
import dev.agentcoord.harness.history.LockChecker;
import dev.agentcoord.harness.history.Sighting;
import dev.agentcoord.harness.history.Violation;
import dev.agentcoord.harness.history.state.StateChecker;
import dev.agentcoord.harness.history.state.StatePromise;
import dev.agentcoord.harness.history.tasks.QueueChecker;
import dev.agentcoord.harness.history.tasks.QueuePromise;
import dev.agentcoord.harness.history.tasks.TaskHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One run: agents at work, faults among them, and the check of what they did. */
final class Simulation {
    private static final int EXAMPLES = 20;

    private final Plan plan;
    private final Path directory;
    private final List<Violation> violations = new ArrayList<>();
    private final Map<String, Integer> faults = new TreeMap<>();

    /** Keeps store and histories below an existing directory. */
    Simulation(Plan plan, Path directory) {
        this.plan = plan;
        this.directory = directory;
    }

    Result run() throws IOException, InterruptedException {
        Path store = Files.createDirectories(directory.resolve("store"));
        try (Crew crew = new Crew(plan, directory);
                Coordinator coordinator = BackendOpener.named(plan.backend()).open(store);
                Thief thief = new Thief(coordinator);
                Observer observer = new Observer(coordinator)) {
            say("starting " + plan.agents() + " agents");
            crew.start();
            observer.start();
            say("they work for " + plan.seconds() + " s; seed " + plan.seed());
            injectFaults(crew, thief);
            say("letting them end");
            violations.addAll(crew.finish());
            return check(crew, coordinator, thief, observer.end());
        }
    }

    private void injectFaults(Crew crew, Thief thief) throws IOException, InterruptedException {
        try (FaultInjector injector = new FaultInjector(crew, plan, thief)) {
            injector.run(Duration.ofSeconds(plan.seconds()));
            injector.done().forEach((fault, count) -> faults.put(fault.name().toLowerCase(Locale.ROOT), count));
        }
    }

    private Result check(Crew crew, Coordinator coordinator, Thief thief, List<Sighting> sightings)
            throws InterruptedException {
        HistoryReader reader = new HistoryReader(plan.seed());
        crew.all().stream()
                .filter(each -> Files.exists(each.history()))
                .forEach(each -> reader.read(each.life(), each.history()));
        int operations = reader.operations();
        Map<String, Integer> depths = plan.workload().usesQueues() ? drain(coordinator, reader) : Map.of();
        say("checking what they did");
        TaskHistory tasks = reader.tasks(depths);
        StateChecker.Report state = StateChecker.check(reader.transactions(), StatePromise.LINEARIZABLE);
        violations.addAll(LockChecker.check(new History(reader.attempts(), sightings, thief.stolen())));
        violations.addAll(QueueChecker.check(tasks, QueuePromise.strict()));
        violations.addAll(state.violations());
        int undecided = reader.undecided() + state.undecided();
        return result(
                reader,
                operations,
                undecided,
                tasks,
                sightings.size(),
                crew.all().size());
    }

    private Map<String, Integer> drain(Coordinator coordinator, HistoryReader reader) throws InterruptedException {
        say("emptying the queues");
        Path file = directory.resolve("drain.history");
        Map<String, Integer> depths = new Drain(coordinator, file, new Tasks(plan.seed())).run(reader.tasks(Map.of()));
        reader.read(Drain.LIFE, file);
        return depths;
    }

    private Result result(
            HistoryReader reader, int operations, int undecided, TaskHistory tasks, int sightings, int processes) {
        return new Result(
                plan.seed(),
                operations,
                operations - undecided,
                violations.size(),
                undecided,
                count(reader, Outcome.OK),
                count(reader, Outcome.REFUSED),
                tasks.enqueues().size(),
                tasks.deliveries().size(),
                reader.transactions().size(),
                sightings,
                processes,
                faults,
                reader.errors(),
                examples());
    }

    /** The first of each kind, then the second of each, and so on. */
    private List<String> examples() {
        Map<Violation.Kind, Integer> seen = new EnumMap<>(Violation.Kind.class);
        Map<Integer, List<Violation>> rounds = new TreeMap<>();
        for (Violation each : violations) {
            int round = seen.merge(each.kind(), 1, Integer::sum);
            rounds.computeIfAbsent(round, any -> new ArrayList<>()).add(each);
        }
        return rounds.values().stream()
                .flatMap(List::stream)
                .limit(EXAMPLES)
                .map(Violation::toString)
                .toList();
    }

    private static long count(HistoryReader reader, Outcome outcome) {
        return reader.attempts().stream()
                .map(Attempt::acquire)
                .filter(call -> call.outcome() == outcome)
                .count();
    }

    private static void say(String what) {
        System.err.println("simulate: " + what);
    }
}
