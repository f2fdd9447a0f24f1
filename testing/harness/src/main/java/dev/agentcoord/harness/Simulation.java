package dev.agentcoord.harness;

import dev.agentcoord.Coordinator;
import dev.agentcoord.harness.history.Attempt;
import dev.agentcoord.harness.history.Call.Outcome;
import dev.agentcoord.harness.history.History;
import dev.agentcoord.harness.history.LockChecker;
import dev.agentcoord.harness.history.Sighting;
import dev.agentcoord.harness.history.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
            return check(crew, thief, observer.end());
        }
    }

    private void injectFaults(Crew crew, Thief thief) throws IOException, InterruptedException {
        try (FaultInjector injector = new FaultInjector(crew, plan, thief)) {
            injector.run(Duration.ofSeconds(plan.seconds()));
            injector.done().forEach((fault, count) -> faults.put(fault.name().toLowerCase(Locale.ROOT), count));
        }
    }

    private Result check(Crew crew, Thief thief, List<Sighting> sightings) {
        say("checking what they did");
        HistoryReader reader = new HistoryReader(new Catalogue(plan.seed())::get);
        crew.all().stream()
                .filter(each -> Files.exists(each.history()))
                .forEach(each -> reader.read(each.life(), each.history()));
        violations.addAll(LockChecker.check(new History(reader.attempts(), sightings, thief.stolen())));
        return result(reader, sightings.size(), crew.all().size());
    }

    private Result result(HistoryReader reader, int sightings, int processes) {
        return new Result(
                plan.seed(),
                reader.operations(),
                reader.operations() - reader.undecided(),
                violations.size(),
                reader.undecided(),
                count(reader, Outcome.OK),
                count(reader, Outcome.REFUSED),
                sightings,
                processes,
                faults,
                reader.errors(),
                violations.stream().limit(EXAMPLES).map(Violation::toString).toList());
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
