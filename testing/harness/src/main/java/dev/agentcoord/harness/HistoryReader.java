package dev.agentcoord.harness;

import dev.agentcoord.harness.history.Attempt;
import dev.agentcoord.harness.history.Call.Outcome;
import dev.agentcoord.harness.history.Life;
import dev.agentcoord.harness.history.state.Transaction;
import dev.agentcoord.harness.history.tasks.Delivery;
import dev.agentcoord.harness.history.tasks.Enqueue;
import dev.agentcoord.harness.history.tasks.FruitlessClaim;
import dev.agentcoord.harness.history.tasks.Remains;
import dev.agentcoord.harness.history.tasks.TaskHistory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes a history out of what {@link Recorder} wrote. A line that its writer did not finish, being killed, was never written. */
final class HistoryReader {
    private final Catalogue catalogue;
    private final Tasks tasks;
    private final List<Attempt> attempts = new ArrayList<>();
    private final List<Transaction> transactions = new ArrayList<>();
    private final List<Enqueue> enqueues = new ArrayList<>();
    private final List<Delivery> deliveries = new ArrayList<>();
    private final List<FruitlessClaim> fruitless = new ArrayList<>();
    private final List<Remains> remains = new ArrayList<>();
    private final Map<String, Integer> errors = new TreeMap<>();
    private int operations;
    private int undecided;

    /** Reads what agents of a run with that seed wrote. */
    HistoryReader(long seed) {
        catalogue = new Catalogue(seed);
        tasks = new Tasks(seed);
    }

    /** Adds one life, from its own file. */
    void read(Life life, Path file) {
        LockLines locks = new LockLines(life, catalogue::get);
        QueueLines queues = new QueueLines(life, tasks);
        StateLines state = new StateLines(life);
        for (String text : completeLines(file)) {
            Line line = Line.parse(text);
            count(line);
            if (LockLines.isOne(line)) {
                locks.add(line);
            } else if (QueueLines.isOne(line)) {
                queues.add(line);
            } else if (StateLines.isOne(line)) {
                state.add(line);
            } else {
                throw new IllegalArgumentException("no line of a history: " + text);
            }
        }
        state.end();
        queues.end();
        attempts.addAll(locks.attempts());
        undecided += locks.undecided();
        transactions.addAll(state.transactions());
        enqueues.addAll(queues.enqueues());
        deliveries.addAll(queues.deliveries());
        fruitless.addAll(queues.fruitless());
        remains.addAll(queues.remains());
    }

    List<Attempt> attempts() {
        return attempts;
    }

    List<Transaction> transactions() {
        return transactions;
    }

    /** What was done with the queues, which say in the end how many tasks they have. */
    TaskHistory tasks(Map<String, Integer> depths) {
        return new TaskHistory(enqueues, deliveries, fruitless, remains, depths);
    }

    /** Calls begun. */
    int operations() {
        return operations;
    }

    /** Lock requests of agents that lived on, of which nobody can tell whether they had an effect. */
    int undecided() {
        return undecided;
    }

    /** How often each error was met, other than contention and loss. */
    Map<String, Integer> errors() {
        return errors;
    }

    private void count(Line line) {
        if (line.begins()) {
            operations++;
        } else if (line.outcome() == Outcome.FAILED || line.outcome() == Outcome.UNKNOWN) {
            errors.merge(line.word(1), 1, Integer::sum);
        }
    }

    private static List<String> completeLines(Path file) {
        try {
            String text = Files.readString(file);
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
