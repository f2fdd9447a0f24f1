package dev.agentcoord.fs;

import dev.agentcoord.Condition;
import dev.agentcoord.FencingToken;
import dev.agentcoord.SessionId;
import dev.agentcoord.TxnResult;
import dev.agentcoord.Versioned;
import dev.agentcoord.Write;
import dev.agentcoord.spi.StateTxn;
import java.io.IOException;
import java.nio.file.Path;
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
    private final StateLog log;
    private final Set<String> names = new HashSet<>();
    private List<LogRecord.Value> changes = List.of();
    private @Nullable Path logged;
    private long epoch;
    private StateMemory.@Nullable Reserved reserved;
    private @Nullable TxnResult result;
    private @Nullable Exception failure;
    private boolean overtaken;

    StateCommit(StateDirectory state, StateTxn txn, FsStateStore.Context context) {
        this.state = state;
        this.memory = state.memory();
        this.log = state.log();
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

    /** What it does to which keys, with the revision it has now. */
    List<LogRecord.Value> changes() {
        if (changes.isEmpty() || changes.get(0).revision() != revision()) {
            changes = txn.writes().stream().map(this::change).toList();
        }
        return changes;
    }

    private LogRecord.Value change(Write write) {
        byte[] content = write.value().isEmpty() ? null : StateFiles.record(write, revision(), context.me());
        return new LogRecord.Value(KeyName.of(write.key()), revision(), content, !write.isEphemeral());
    }

    /** Where to sync what it changed: the log, or the directory of the names. */
    Path whatToSync() {
        return logged != null ? logged : state.files().dir();
    }

    /** What it changed is on the disk. */
    void settled() {
        if (logged != null && context.writes().isSynced()) {
            log.settled(changes, epoch);
        }
    }

    /** Whether its value has to be on the disk before it gets its name, as far as is known outside. */
    boolean isToBeSyncedFirst() {
        return context.writes().isSynced() && (txn.writes().size() > 1 || !log.isProbablySafe(names));
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
        try (StateDrafts drafts = StateDrafts.write(state.files(), this, isToBeSyncedFirst())) {
            StatePublication alone = new StatePublication(state);
            alone.add(this, drafts);
            context.section().run(alone::run);
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

    private boolean of(StateMemory.Known known, Condition.OfKey asked) {
        SessionId owner = known.owner();
        long revision = owner != null && context.ended().test(owner) ? Condition.ABSENT : known.revision();
        return asked.revision() == Condition.EXISTS ? revision != Condition.ABSENT : revision == asked.revision();
    }

    private @Nullable Versioned readLive(String name) throws IOException {
        Versioned value = state.files().read(name);
        return value != null && value.owner().filter(context.ended()).isPresent() ? null : value;
    }

    /** Inside: judges it; false where it is refused, or another has written one of its keys since the revision was taken. */
    boolean isFit(Turn turn) throws IOException {
        result = answer(turn);
        if (result != null) {
            return false;
        }
        // Whoever wrote one of these keys since has the larger revision; ours would go back.
        List<Change> since = reserved == null ? null : turn.since(reserved.change());
        overtaken = since == null
                || since.stream().anyMatch(c -> c.kind() == Change.Kind.STATE && names.contains(c.name()));
        return !overtaken;
    }

    /**
     * Whether the log has to know. That something is gone it has to know even where nobody waits for the disk, or a later boot would bring
     * back what it says of it.
     */
    boolean isForLog() {
        return context.writes().isSynced() || changes().stream().anyMatch(change -> change.lasting() == null);
    }

    /** Inside: whether values that are not on the disk can get their names, and a power cut leaves either what was before or them. */
    boolean isSafe(boolean isLogged) throws IOException {
        return !context.writes().isSynced() || (isLogged && log.isSafe(names));
    }

    /**
     * Inside, once it is announced. A session lets go of a lock without entering, and who follows looks whether a change of the state was
     * announced meanwhile. So the locks that it requires are asked for once more: either this sees that they are gone, or the other waits.
     */
    boolean isStillHeld(Turn turn) throws IOException {
        for (Condition condition : txn.conditions()) {
            if (condition instanceof Condition.Held held && !isHeld(turn, held)) {
                result = refused();
                return false;
            }
        }
        return true;
    }

    /** Inside, once the file of the log says so if there is one: gives its values their names. */
    void publish(StateDrafts drafts, @Nullable Path logFile) throws IOException {
        try {
            drafts.publish();
        } catch (IOException | RuntimeException e) {
            fail(e);
            throw e;
        }
        epoch = log.epoch();
        logged = logFile;
        result = TxnResult.committed(drafts.hasValues() ? revision() : 0);
    }

    /** What its keys are once it is published. */
    Map<String, StateMemory.Known> written() {
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
