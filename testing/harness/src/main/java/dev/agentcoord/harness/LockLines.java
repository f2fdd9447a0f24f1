package dev.agentcoord.harness;

import dev.agentcoord.FencingToken;
import dev.agentcoord.LockRequest;
import dev.agentcoord.harness.history.Attempt;
import dev.agentcoord.harness.history.Call;
import dev.agentcoord.harness.history.Call.Outcome;
import dev.agentcoord.harness.history.Life;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Makes attempts of what one life wrote about its locks. */
final class LockLines {
    private final Life life;
    private final IntFunction<LockRequest> requests;
    private final Map<Integer, Draft> drafts = new LinkedHashMap<>();

    LockLines(Life life, IntFunction<LockRequest> requests) {
        this.life = life;
        this.requests = requests;
    }

    static boolean isOne(Line line) {
        return "aAcCrR".indexOf(line.kind()) >= 0;
    }

    void add(Line line) {
        if (line.kind() == 'a') {
            drafts.put(line.number(), new Draft(life, requests.apply((int) line.numberAt(0)), line.time()));
            return;
        }
        Draft draft = drafts.get(line.number());
        if (draft != null) {
            draft.add(line);
        }
    }

    List<Attempt> attempts() {
        return drafts.values().stream().map(Draft::attempt).toList();
    }

    /** Attempts of an agent that lived on, of which nobody can tell whether they had an effect. */
    int undecided() {
        return drafts.values().stream().mapToInt(Draft::unansweredWhileAlive).sum();
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

        void add(Line line) {
            switch (line.kind()) {
                case 'A' -> answered(line);
                case 'c' -> checkBegun = line.time();
                case 'C' -> checkEnded(line);
                case 'r' -> release = Call.unanswered(line.time());
                case 'R' -> released(line);
                default -> throw new IllegalArgumentException("no line about a lock: " + line);
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

        private void answered(Line line) {
            acquire = line.endOf(acquire.invoked());
            checked = acquire.completed();
            token = acquire.outcome() == Outcome.OK ? FencingToken.parse(line.word(1)) : null;
        }

        private void checkEnded(Line line) {
            if (line.outcome() == Outcome.OK) {
                checked = checkBegun;
            } else if (line.outcome() == Outcome.LOST) {
                loss = line.endOf(checkBegun);
            }
        }

        private void released(Line line) {
            release = line.endOf(release == null ? line.time() : release.invoked());
        }
    }
}
