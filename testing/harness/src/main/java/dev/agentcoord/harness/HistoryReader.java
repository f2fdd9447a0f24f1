package dev.agentcoord.harness;

import dev.agentcoord.FencingToken;
import dev.agentcoord.LockRequest;
import dev.agentcoord.harness.history.Attempt;
import dev.agentcoord.harness.history.Call;
import dev.agentcoord.harness.history.Call.Outcome;
import dev.agentcoord.harness.history.Life;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Makes attempts out of what {@link Recorder} wrote. A line that its writer did not finish, being killed, was never written. */
final class HistoryReader {
    private final IntFunction<LockRequest> requests;
    private final List<Attempt> attempts = new ArrayList<>();
    private final Map<String, Integer> errors = new TreeMap<>();
    private int operations;
    private int undecided;

    /** Reads request numbers as {@code requests} says. */
    HistoryReader(IntFunction<LockRequest> requests) {
        this.requests = requests;
    }

    /** Adds one life, from its own file. */
    void read(Life life, Path file) {
        Draft draft = null;
        for (String line : completeLines(file)) {
            String[] words = line.split(" ", -1);
            if (words[0].equals("a")) {
                finish(draft);
                draft = new Draft(life, requests.apply(Integer.parseInt(words[3])), time(words));
            } else if (draft != null) {
                draft.add(words);
            }
            count(words);
        }
        finish(draft);
    }

    List<Attempt> attempts() {
        return attempts;
    }

    /** Calls begun. */
    int operations() {
        return operations;
    }

    /** Calls of agents that lived on, of which nobody can tell whether they had an effect. */
    int undecided() {
        return undecided;
    }

    /** How often each error was met, other than contention and loss. */
    Map<String, Integer> errors() {
        return errors;
    }

    private void finish(@Nullable Draft draft) {
        if (draft != null) {
            Attempt attempt = draft.attempt();
            attempts.add(attempt);
            undecided += draft.unansweredWhileAlive();
        }
    }

    private void count(String[] words) {
        if (Character.isLowerCase(words[0].charAt(0))) {
            operations++;
        } else if (outcome(words) == Outcome.FAILED || outcome(words) == Outcome.UNKNOWN) {
            errors.merge(words[4], 1, Integer::sum);
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

    private static long time(String[] words) {
        return Long.parseLong(words[2]);
    }

    private static Outcome outcome(String[] words) {
        return Outcome.valueOf(words[3]);
    }

    /** One attempt, as far as it was read. */
    private static final class Draft {
        private final Life life;
        private final LockRequest request;
        private Call acquire;
        private @Nullable Call release;
        private @Nullable FencingToken token;
        private long checkBegun;
        private long checked;
        private @Nullable Call loss;

        Draft(Life life, LockRequest request, long invoked) {
            this.life = life;
            this.request = request;
            this.acquire = Call.unanswered(invoked);
        }

        void add(String[] words) {
            switch (words[0]) {
                case "A" -> answered(words);
                case "c" -> checkBegun = time(words);
                case "C" -> checkEnded(words);
                case "r" -> release = Call.unanswered(time(words));
                case "R" -> released(words);
                default -> throw new IllegalArgumentException("no line of a history: " + String.join(" ", words));
            }
        }

        Attempt attempt() {
            return new Attempt(life, request, acquire, token, checked, loss == null ? release : loss);
        }

        int unansweredWhileAlive() {
            boolean unknown =
                    acquire.outcome() == Outcome.UNKNOWN || (release != null && release.outcome() == Outcome.UNKNOWN);
            return unknown && life.deadSince() == Call.NEVER ? 1 : 0;
        }

        private void answered(String[] words) {
            acquire = new Call(acquire.invoked(), time(words), outcome(words));
            checked = acquire.completed();
            token = acquire.outcome() == Outcome.OK ? FencingToken.parse(words[4]) : null;
        }

        private void checkEnded(String[] words) {
            if (outcome(words) == Outcome.OK) {
                checked = checkBegun;
            } else if (outcome(words) == Outcome.LOST) {
                loss = new Call(checkBegun, time(words), Outcome.LOST);
            }
        }

        private void released(String[] words) {
            long invoked = release == null ? time(words) : release.invoked();
            release = new Call(invoked, time(words), outcome(words));
        }
    }
}
