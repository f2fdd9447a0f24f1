package dev.agentcoord.harness;

import dev.agentcoord.FencingToken;
import dev.agentcoord.LockRequest;
import dev.agentcoord.harness.history.Attempt;
import dev.agentcoord.harness.history.Call;
import dev.agentcoord.harness.history.Call.Outcome;
import dev.agentcoord.harness.history.Life;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Makes attempts of what one life wrote about its locks. */
final class LockLines {
    private final Life life;
    private final IntFunction<LockRequest> requests;
    private final boolean mayDoubt;
    private final Map<Integer, Draft> drafts = new LinkedHashMap<>();

    /** Where an agent may doubt that it holds something, it may find later that it did. */
    LockLines(Life life, IntFunction<LockRequest> requests, boolean mayDoubt) {
        this.mayDoubt = mayDoubt;
        this.life = life;
        this.requests = requests;
    }

    static boolean isOne(Line line) {
        return "aAcCrRh".indexOf(line.kind()) >= 0;
    }

    void add(Line line) {
        if (line.kind() == 'a') {
            drafts.put(line.number(), new Draft(life, mayDoubt, requests.apply((int) line.numberAt(0)), line.time()));
            return;
        }
        Draft draft = drafts.get(line.number());
        if (draft != null) {
            draft.add(line);
        }
    }

    /**
     * What became of them. Where the session may have been over before its agent heard of that, the last grant may have been, too; before
     * it the session was alive, or there would have been no later one.
     */
    List<Attempt> attempts() {
        List<Attempt> attempts =
                new ArrayList<>(drafts.values().stream().map(Draft::attempt).toList());
        for (int i = attempts.size() - 1; life.isUncertain() && i >= 0; i--) {
            if (attempts.get(i).isGranted()) {
                attempts.set(i, attempts.get(i).lostUnheard());
                break;
            }
        }
        return attempts;
    }

    /** Attempts of a session that lived on, of which nobody can tell whether they had an effect. */
    int undecided() {
        return drafts.values().stream().mapToInt(Draft::unansweredWhileAlive).sum();
    }

    /** One attempt, as far as it was read. */
    private static final class Draft {
        private final Life life;
        private final boolean mayDoubt;
        private final LockRequest request;
        private Call acquire;
        private @Nullable Call release;
        private @Nullable FencingToken token;
        private long checkBegun;
        private long checked;
        private @Nullable Call loss;

        Draft(Life life, boolean mayDoubt, LockRequest request, long invoked) {
            this.life = life;
            this.mayDoubt = mayDoubt;
            this.request = request;
            this.acquire = Call.unanswered(invoked);
        }

        void add(Line line) {
            switch (line.kind()) {
                case 'A' -> answered(line);
                case 'h' -> checked = line.time();
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
            boolean isOver = life.deadSince() != Call.NEVER || life.isUncertain();
            return unknown && !isOver ? 1 : 0;
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
            if (mayDoubt && line.outcome() == Outcome.OK) {
                loss = null;
            }
            release = line.endOf(release == null ? line.time() : release.invoked());
        }
    }
}
