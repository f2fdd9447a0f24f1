package dev.agentcoord.harness;

import dev.agentcoord.Coordinator;
import dev.agentcoord.harness.Plan.Fault;
import dev.agentcoord.harness.history.Attempt;
import dev.agentcoord.harness.history.Call.Outcome;
import dev.agentcoord.harness.history.History;
import dev.agentcoord.harness.history.LockChecker;
import dev.agentcoord.harness.history.Sighting;
import dev.agentcoord.harness.history.Violation;
import dev.agentcoord.harness.history.state.StateChecker;
import dev.agentcoord.harness.history.state.StatePromise;
import dev.agentcoord.harness.history.tasks.QueueChecker;
import dev.agentcoord.harness.history.tasks.TaskHistory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What is found out about one run, step by step, in the order of the methods. Not thread-safe. */
final class Findings {
    private static final int EXAMPLES = 20;

    private final Plan plan;
    private final Path directory;
    private final Promises promises;
    private final HistoryReader reader;
    private final List<Violation> violations = new ArrayList<>();
    private final Map<String, Integer> faults = new TreeMap<>();
    private Map<String, Integer> depths = Map.of();
    private Map<String, Integer> leftovers = Map.of();
    private Duration stall = Duration.ZERO;
    private long begun;
    private long ended;
    private int operations;
    private int undecided;
    private int sightings;
    private int processes;

    Findings(Plan plan, Path directory) {
        this.plan = plan;
        this.directory = directory;
        this.promises = Promises.of(plan.backend());
        this.reader = new HistoryReader(plan.seed(), promises.endsBySilence());
    }

    void faults(Map<Fault, Integer> done) {
        done.forEach((fault, count) -> faults.put(fault.name().toLowerCase(Locale.ROOT), count));
    }

    /** Between which moments all agents worked. */
    void worked(long from, long to) {
        begun = from;
        ended = to;
    }

    void failed(List<Violation> found) {
        violations.addAll(found);
    }

    void read(List<AgentProcess> all) {
        processes = all.size();
        all.forEach(process -> process.lives().forEach(reader::read));
        operations = reader.operations();
        stall = reader.longestStall(begun, ended);
    }

    void drain(Coordinator coordinator) throws InterruptedException {
        Path file = directory.resolve("drain.history");
        depths = new Drain(coordinator, file, new Tasks(plan.seed())).run(reader.tasks(Map.of()));
        reader.read(Drain.LIFE, file);
    }

    void check(List<Sighting> seen, Set<Long> stolen) {
        sightings = seen.size();
        StateChecker.Report state = StateChecker.check(reader.transactions(), StatePromise.LINEARIZABLE);
        violations.addAll(LockChecker.check(new History(reader.attempts(), seen, stolen), promises.locks()));
        violations.addAll(QueueChecker.check(reader.tasks(depths), promises.queues()));
        violations.addAll(state.violations());
        undecided = reader.undecided() + state.undecided();
    }

    void leftovers(Map<String, Integer> left) {
        leftovers = left;
        left.forEach((kind, count) -> {
            if (count > 0) {
                violations.add(new Violation(Violation.Kind.LEFT_BEHIND, count + " " + kind));
            }
        });
    }

    Result result() {
        TaskHistory tasks = reader.tasks(depths);
        return new Result(
                plan.seed(),
                operations,
                operations - undecided,
                violations.size(),
                undecided,
                count(Outcome.OK),
                count(Outcome.REFUSED),
                tasks.enqueues().size(),
                tasks.deliveries().size(),
                reader.transactions().size(),
                sightings,
                processes,
                faults,
                reader.sessionsLost(),
                stall.toMillis(),
                leftovers,
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

    private long count(Outcome outcome) {
        return reader.attempts().stream()
                .map(Attempt::acquire)
                .filter(call -> call.outcome() == outcome)
                .count();
    }
}
