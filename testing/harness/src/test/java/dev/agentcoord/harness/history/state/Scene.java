package dev.agentcoord.harness.history.state;

import dev.agentcoord.harness.history.Call;
import dev.agentcoord.harness.history.Call.Outcome;
import dev.agentcoord.harness.history.Life;
import dev.agentcoord.harness.history.Violation;
import dev.agentcoord.harness.history.Violation.Kind;
import java.util.ArrayList;
import java.util.List;

/** Tells what happened to the shared state, at small made-up times. The value of revision 7 is {@code v7}. */
final class Scene {
    private final List<Transaction> transactions = new ArrayList<>();

    /** A call from one moment to another. */
    Scene call(String who, long from, long to, Touch... touches) {
        return add(who, new Call(from, to, Outcome.OK), touches);
    }

    /** One whose answer never came. */
    Scene unanswered(String who, long from, Touch... touches) {
        return add(who, Call.unanswered(from), touches);
    }

    private Scene add(String who, Call call, Touch... touches) {
        transactions.add(new Transaction(Life.ended(who), call, List.of(touches)));
        return this;
    }

    static Touch put(String key, long revision) {
        return Touch.put(key, revision, "v" + revision);
    }

    static Touch putPerhaps(String key, long revision) {
        return Touch.put(key, Touch.UNKNOWN, "v" + revision);
    }

    static Touch reads(String key, long revision) {
        return Touch.read(key, revision == 0 ? Version.ABSENT : new Version(revision, "v" + revision));
    }

    static Touch swaps(String key, long from, long to) {
        return new Touch(key, new Seen.At(from), new Version(to, "v" + to));
    }

    static Touch refused(String key, long revision) {
        return new Touch(key, new Seen.NotAt(revision), null);
    }

    static Touch deletes(String key, long revision) {
        return new Touch(key, new Seen.At(revision), Version.ABSENT);
    }

    List<Kind> kinds() {
        return kinds(StatePromise.LINEARIZABLE);
    }

    List<Kind> kinds(StatePromise promise) {
        return StateChecker.check(transactions, promise).violations().stream()
                .map(Violation::kind)
                .distinct()
                .toList();
    }
}
