package dev.agentcoord.harness;

import dev.agentcoord.harness.history.Call;
import dev.agentcoord.harness.history.Call.Outcome;
import dev.agentcoord.harness.history.Life;
import dev.agentcoord.harness.history.state.Seen;
import dev.agentcoord.harness.history.state.Touch;
import dev.agentcoord.harness.history.state.Transaction;
import dev.agentcoord.harness.history.state.Version;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes transactions of what one life wrote about the shared state. */
final class StateLines {
    private final Life life;
    private final List<Transaction> transactions = new ArrayList<>();
    private @Nullable Line begun;

    StateLines(Life life) {
        this.life = life;
    }

    static boolean isOne(Line line) {
        return "sS".indexOf(line.kind()) >= 0;
    }

    /** Adds a line; an agent begins a call after it has ended the one before. */
    void add(Line line) {
        if (line.begins()) {
            begun = line;
        } else if (begun != null) {
            settle(begun, line.endOf(begun.time()), line);
            begun = null;
        }
    }

    /** The last call may have no end. */
    void end() {
        if (begun != null) {
            settle(begun, Call.unanswered(begun.time()), begun);
            begun = null;
        }
    }

    List<Transaction> transactions() {
        return transactions;
    }

    private void settle(Line begin, Call call, Line end) {
        String key = begin.word(1);
        if (begin.word(0).equals("get")) {
            if (call.outcome() == Outcome.OK) {
                add(call, Touch.read(key, version(end.numberAt(1), end.word(2))));
            }
            return;
        }
        long revision = begin.numberAt(2);
        if (call.outcome() == Outcome.REFUSED) {
            add(call, new Touch(key, new Seen.NotAt(revision), null));
            return;
        }
        Seen seen = begin.word(0).equals("put") ? new Seen.Nothing() : new Seen.At(revision);
        long written = call.outcome() == Outcome.OK ? end.numberAt(1) : Touch.UNKNOWN;
        Version left = begin.word(0).equals("delete") ? Version.ABSENT : new Version(written, begin.word(3));
        add(call, new Touch(key, seen, left));
    }

    private void add(Call call, Touch touch) {
        transactions.add(new Transaction(life, call, List.of(touch)));
    }

    private static Version version(long revision, String value) {
        return revision == 0 ? Version.ABSENT : new Version(revision, value);
    }
}
