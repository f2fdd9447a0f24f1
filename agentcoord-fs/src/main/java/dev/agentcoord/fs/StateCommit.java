package dev.agentcoord.fs;

import dev.agentcoord.Condition;
import dev.agentcoord.FencingToken;
import dev.agentcoord.SessionId;
import dev.agentcoord.TxnResult;
import dev.agentcoord.Versioned;
import dev.agentcoord.Write;
import dev.agentcoord.spi.StateTxn;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One transaction on its way: a revision is taken, its values are written, then it is judged and published in one turn. Not thread-safe. */
final class StateCommit {
    private final StateDirectory state;
    private final StateMemory memory;
    private final StateTxn txn;
    private final FsStateStore.Context context;
    private final Set<String> names = new HashSet<>();
    private StateMemory.@Nullable Reserved reserved;
    private @Nullable TxnResult result;
    private @Nullable Exception failure;
    private boolean overtaken;

    StateCommit(StateDirectory state, StateTxn txn, FsStateStore.Context context) {
        this.state = state;
        this.memory = state.memory();
        this.txn = txn;
        this.context = context;
        txn.writes().forEach(write -> names.add(KeyName.of(write.key())));
    }

    StateTxn txn() {
        return txn;
    }

    FsStateStore.Context context() {
        return context;
    }

    /** The names of the files it is about. */
    Set<String> names() {
        return names;
    }

    /** Whether it is one new value, whatever it depends on. */
    boolean isOneValue() {
        return txn.writes().size() == 1 && txn.writes().get(0).value().isPresent();
    }

    /** What the file of its one value holds. */
    byte[] record() {
        return StateFiles.record(txn.writes().get(0), revision(), context.me());
    }

    /** Whether names have changed by it. */
    boolean hasWritten() {
        return result != null && result.committed() && !txn.writes().isEmpty();
    }

    /** Whether it has been decided, or has failed. */
    boolean isDone() {
        return result != null || failure != null;
    }

    /** What became of it, or null as long as nothing has; throws what went wrong. */
    @Nullable TxnResult result() throws IOException {
        Calls.rethrow(failure);
        return result;
    }

    void fail(Exception cause) {
        failure = cause;
    }

    /** Once, by itself. It is not done afterwards if the revision it took was overtaken by another writer of one of its keys. */
    void attempt() throws IOException {
        if (!reserveAhead()) {
            context.section().run(this::reserve);
        }
        if (isDone()) {
            return;
        }
        try (StateDrafts drafts = StateDrafts.write(state.files(), txn.writes(), revision(), context)) {
            context.section().run(turn -> publish(turn, drafts));
        }
    }

    /** Takes a revision without entering, where there is one and, by what was known last, the conditions are true. */
    boolean reserveAhead() {
        reserved = overtaken || !isProbable() ? null : memory.takeSpare();
        return reserved != null;
    }

    /** A wrong guess costs a file that is thrown away, or a turn more. */
    private boolean isProbable() {
        if (txn.writes().isEmpty()) {
            return false;
        }
        for (Condition condition : txn.conditions()) {
            if (condition instanceof Condition.OfKey of) {
                StateMemory.Known known = memory.guess(KeyName.of(of.key()));
                if (known == null || !of(known, of)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Inside: takes a revision, unless the transaction is to be refused or changes nothing. */
    boolean reserve(Turn turn) throws IOException {
        memory.begin(turn);
        result = answer(turn);
        if (result != null) {
            return false;
        }
        long revision = turn.nextPosition();
        turn.announce(Change.Kind.NONE, "");
        reserved = new StateMemory.Reserved(revision, turn.change());
        return true;
    }

    /** The revision it took. */
    long revision() {
        if (reserved == null) {
            throw new IllegalStateException("no revision was taken");
        }
        return reserved.revision();
    }

    /** What is answered before anything is written, or null when all conditions are true. */
    private @Nullable TxnResult answer(Turn turn) throws IOException {
        for (Condition condition : txn.conditions()) {
            if (!isTrue(turn, condition)) {
                return refused();
            }
        }
        return txn.writes().isEmpty() ? TxnResult.committed(0) : null;
    }

    private TxnResult refused() throws IOException {
        Map<String, Versioned> found = new HashMap<>();
        for (String key : txn.reads()) {
            Versioned value = readLive(KeyName.of(key));
            if (value != null) {
                found.put(key, value);
            }
        }
        return TxnResult.refused(found);
    }

    private boolean isTrue(Turn turn, Condition condition) throws IOException {
        if (condition instanceof Condition.OfKey of) {
            return of(memory.of(KeyName.of(of.key())), of);
        }
        return isHeld(turn, (Condition.Held) condition);
    }

    private boolean isHeld(Turn turn, Condition.Held condition) throws IOException {
        for (FencingToken token : condition.tokens()) {
            if (!context.held().test(turn, token)) {
                return false;
            }
        }
        return true;
    }

    /**
     * A session lets go of a lock without entering, and who follows looks whether a change of the state was announced meanwhile. So the
     * locks that it requires are asked for once more after the announcement: either this sees that they are gone, or the other waits.
     */
    private boolean isStillHeld(Turn turn) throws IOException {
        for (Condition condition : txn.conditions()) {
            if (condition instanceof Condition.Held held && !isHeld(turn, held)) {
                return false;
            }
        }
        return true;
    }

    private boolean of(StateMemory.Known known, Condition.OfKey asked) {
        SessionId owner = known.owner();
        long revision = owner != null && context.ended().test(owner) ? Condition.ABSENT : known.revision();
        return asked.revision() == Condition.EXISTS ? revision != Condition.ABSENT : revision == asked.revision();
    }

    private @Nullable Versioned readLive(String name) throws IOException {
        Versioned value = state.files().read(name);
        return value != null && value.owner().filter(context.ended()).isPresent() ? null : value;
    }

    /** Inside: judges it and gives its values their names; false where another has written one of its keys since the revision was taken. */
    boolean publish(Turn turn, StateDrafts drafts) throws IOException {
        memory.begin(turn);
        TxnResult refused = answer(turn);
        if (refused != null) {
            result = refused;
            return true;
        }
        // Whoever wrote one of these keys since has the larger revision; ours would go back.
        List<Change> since = reserved == null ? null : turn.since(reserved.change());
        overtaken = since == null
                || since.stream().anyMatch(c -> c.kind() == Change.Kind.STATE && names.contains(c.name()));
        if (overtaken) {
            return false;
        }
        long next = turn.nextPosition();
        for (String name : names) {
            turn.announce(Change.Kind.STATE, name);
        }
        if (!isStillHeld(turn)) {
            result = refused();
            return true;
        }
        drafts.publish();
        memory.wrote(turn, written());
        memory.addSpare(new StateMemory.Reserved(next, turn.change()));
        result = TxnResult.committed(drafts.hasValues() ? revision() : 0);
        return true;
    }

    private Map<String, StateMemory.Known> written() {
        Map<String, StateMemory.Known> written = new HashMap<>();
        for (Write write : txn.writes()) {
            StateMemory.Known now = write.value().isEmpty()
                    ? new StateMemory.Known(Condition.ABSENT, null)
                    : new StateMemory.Known(revision(), write.isEphemeral() ? context.me() : null);
            written.put(KeyName.of(write.key()), now);
        }
        return written;
    }
}
