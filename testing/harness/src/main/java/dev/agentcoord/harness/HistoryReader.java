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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes a history out of what {@link Recorder} wrote. A line that its writer did not finish, being killed, was never written. */
final class HistoryReader {
    private final boolean silenceEnds;
    private final Catalogue catalogue;
    private final Tasks tasks;
    private final List<Attempt> attempts = new ArrayList<>();
    private final List<Transaction> transactions = new ArrayList<>();
    private final List<Enqueue> enqueues = new ArrayList<>();
    private final List<Delivery> deliveries = new ArrayList<>();
    private final List<FruitlessClaim> fruitless = new ArrayList<>();
    private final List<Remains> remains = new ArrayList<>();
    private final Map<String, Integer> errors = new TreeMap<>();
    private final List<Long> answers = new ArrayList<>();
    private int operations;
    private int undecided;
    private int lost;

    /** Reads what agents of a run with that seed wrote; silence may have ended sessions though their agents lived. */
    HistoryReader(long seed, boolean silenceEnds) {
        this.silenceEnds = silenceEnds;
        catalogue = new Catalogue(seed);
        tasks = new Tasks(seed);
    }

    /** Adds one life, from its own file, where it may say that the session was lost. */
    void read(Life whose, Path file) {
        List<Line> lines = completeLines(file).stream().map(Line::parse).toList();
        boolean isLost = lines.stream().anyMatch(line -> line.kind() == 'X' && line.outcome() == Outcome.LOST);
        lost += isLost ? 1 : 0;
        Life life = silenceEnds && (isLost || whose.wasKilled()) ? whose.uncertain() : whose;
        LockLines locks = new LockLines(life, catalogue::get, silenceEnds);
        QueueLines queues = new QueueLines(life, tasks);
        StateLines state = new StateLines(life);
        for (Line line : lines) {
            count(line);
            if (LockLines.isOne(line)) {
                locks.add(line);
            } else if (QueueLines.isOne(line)) {
                queues.add(line);
            } else if (StateLines.isOne(line)) {
                state.add(line);
            } else {
                throw new IllegalArgumentException("no line of a history: " + line);
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

    /** Sessions that were over before their agents wanted that. */
    int sessionsLost() {
        return lost;
    }

    /** The longest time between two moments in which the store did nothing for anybody, as far as anybody was told. */
    Duration longestStall(long from, long to) {
        long longest = 0;
        long last = from;
        List<Long> inOrder = new ArrayList<>(answers);
        inOrder.add(to);
        inOrder.sort(null);
        for (long answer : inOrder) {
            if (answer > last && answer <= to) {
                longest = Math.max(longest, answer - last);
                last = answer;
            }
        }
        return Duration.ofNanos(longest);
    }

    private void count(Line line) {
        if (line.begins()) {
            operations++;
        } else if (line.isRemark()) {
            return;
        } else if (line.outcome() == Outcome.OK && line.kind() != 'C') {
            answers.add(line.time());
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
