package dev.agentcoord.fs;

import dev.agentcoord.Condition;
import dev.agentcoord.FencingToken;
import dev.agentcoord.OutcomeUnknownException;
import dev.agentcoord.SessionId;
import dev.agentcoord.TxnResult;
import dev.agentcoord.Versioned;
import dev.agentcoord.Write;
import dev.agentcoord.spi.StateFeed;
import dev.agentcoord.spi.StateStore;
import dev.agentcoord.spi.StateTxn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One record for each key, replaced by rename; several at once by an {@link Intent}. A revision is a position of the space, so none ever
 * repeats. Where writes are synced, each value costs a sync of its file and all together a share in one of the directory, both outside the
 * section.
 */
final class FsStateStore implements StateStore {
    private final StateDirectory state;
    private final StateFiles files;
    private final Context context;
    private final List<FsStateFeed> feeds = new CopyOnWriteArrayList<>();

    /**
     * What the state needs of its session and space.
     *
     * @param section the session's way into it
     * @param me the session
     * @param held whether a token is that of a granted ticket; asked inside the section
     * @param ended whether a session has ended or is proven dead
     * @param ring wakes a session that follows the state
     * @param writes how what is written reaches the disk
     */
    record Context(
            Section.Entrance section,
            SessionId me,
            Held held,
            Predicate<SessionId> ended,
            Consumer<SessionId> ring,
            Writes writes) {}

    /** Whether a token is that of a live, granted ticket. */
    @FunctionalInterface
    interface Held {
        /** Inside the section. */
        boolean test(Turn turn, FencingToken token) throws IOException;
    }

    FsStateStore(StateDirectory state, Context context) {
        this.state = state;
        this.files = state.files();
        this.context = context;
    }

    @Override
    public Optional<Versioned> get(String key) {
        return Calls.typed(files.dir(), () -> {
            String name = KeyName.of(key);
            Optional<Versioned> value = Optional.ofNullable(files.read(name));
            if (state.intent().isThere()) {
                value = context.section.run(turn -> Optional.ofNullable(files.read(name)));
            }
            return value.filter(v -> v.key().equals(key)).filter(this::isLive);
        });
    }

    /** False for a value that has ended with its session; all those are removed then. */
    private boolean isLive(Versioned value) {
        Optional<SessionId> ended = value.owner().filter(context.ended);
        ended.ifPresent(this::forget);
        return ended.isEmpty();
    }

    private void forget(SessionId ended) {
        Calls.typed(files.dir(), () -> {
            if (state.forget(context.section, ended)) {
                ringWatchers();
            }
            return true;
        });
    }

    @Override
    public List<Versioned> list(String prefix, String after, int limit) {
        return Calls.typed(files.dir(), () -> {
            List<Versioned> values = new ArrayList<>();
            String from = after;
            while (values.size() < limit) {
                int asked = limit - values.size();
                List<String> keys = state.names().page(context.section, prefix, from, asked);
                for (String key : keys) {
                    get(key).ifPresent(values::add);
                }
                if (keys.size() < asked) {
                    break;
                }
                from = keys.get(keys.size() - 1);
            }
            return List.copyOf(values);
        });
    }

    @Override
    public TxnResult commit(StateTxn txn) {
        return Calls.typed(files.dir(), () -> {
            context.writes.begin();
            for (Write write : txn.writes()) {
                if (write.isEphemeral()) {
                    state.ephemerals().note(context.me, KeyName.of(write.key()));
                }
            }
            Optional<TxnResult> done = Optional.empty();
            while (done.isEmpty()) {
                done = attempt(txn);
            }
            TxnResult result = done.get();
            if (result.committed() && !txn.writes().isEmpty()) {
                settle(txn);
                ringWatchers();
            }
            return result;
        });
    }

    /** Empty when the revision it took was overtaken by another writer of one of its keys. */
    private Optional<TxnResult> attempt(StateTxn txn) throws IOException {
        Reserved reserved = context.section.run(turn -> reserve(turn, txn));
        if (reserved.refused != null) {
            return Optional.of(reserved.refused);
        }
        try (StateDrafts drafts = StateDrafts.write(files, txn.writes(), reserved.revision, context)) {
            return context.section.run(turn -> publish(turn, txn, drafts, reserved));
        }
    }

    /**
     * A revision taken before the records are written, because they state it.
     *
     * @param revision larger than that of any write so far
     * @param change number of the latest change at that moment
     * @param refused not null where it came to nothing
     */
    private record Reserved(
            long revision, long change, @Nullable TxnResult refused) {}

    private Reserved reserve(Turn turn, StateTxn txn) throws IOException {
        TxnResult refused = refusal(turn, txn);
        if (refused != null) {
            return new Reserved(0, 0, refused);
        }
        long revision = turn.nextPosition();
        turn.announce(Change.Kind.NONE, "");
        return new Reserved(revision, turn.change(), null);
    }

    /** What is answered when a condition is not true, or null when all are. */
    private @Nullable TxnResult refusal(Turn turn, StateTxn txn) throws IOException {
        for (Condition condition : txn.conditions()) {
            if (!isTrue(turn, condition)) {
                Map<String, Versioned> found = new HashMap<>();
                for (String key : txn.reads()) {
                    Versioned value = readLive(KeyName.of(key));
                    if (value != null) {
                        found.put(key, value);
                    }
                }
                return TxnResult.refused(found);
            }
        }
        return txn.writes().isEmpty() ? TxnResult.committed(0) : null;
    }

    private boolean isTrue(Turn turn, Condition condition) throws IOException {
        if (condition instanceof Condition.OfKey of) {
            Versioned now = readLive(KeyName.of(of.key()));
            long revision = now == null ? Condition.ABSENT : now.revision();
            return of.revision() == Condition.EXISTS ? now != null : revision == of.revision();
        }
        for (FencingToken token : ((Condition.Held) condition).tokens()) {
            if (!context.held.test(turn, token)) {
                return false;
            }
        }
        return true;
    }

    private @Nullable Versioned readLive(String name) throws IOException {
        Versioned value = files.read(name);
        return value != null && value.owner().filter(context.ended).isPresent() ? null : value;
    }

    private Optional<TxnResult> publish(Turn turn, StateTxn txn, StateDrafts drafts, Reserved reserved)
            throws IOException {
        TxnResult refused = refusal(turn, txn);
        if (refused != null) {
            return Optional.of(refused);
        }
        // Whoever wrote one of these keys since has the larger revision; ours would go back.
        List<Change> since = turn.since(reserved.change);
        Set<String> names = new HashSet<>();
        txn.writes().forEach(write -> names.add(KeyName.of(write.key())));
        if (since == null || since.stream().anyMatch(c -> c.kind() == Change.Kind.STATE && names.contains(c.name()))) {
            return Optional.empty();
        }
        for (String name : names) {
            turn.announce(Change.Kind.STATE, name);
        }
        drafts.publish();
        return Optional.of(TxnResult.committed(drafts.hasValues() ? reserved.revision : 0));
    }

    /** It is done by now, so no error may say that it is not. */
    private void settle(StateTxn txn) {
        try {
            context.writes.settle(files.dir());
        } catch (IOException e) {
            throw new OutcomeUnknownException(
                    txn, "written, but perhaps not on the disk (" + e.getMessage() + "); write it again to be sure", e);
        }
    }

    private void ringWatchers() {
        try {
            state.watchers().all().forEach(context.ring);
        } catch (IOException e) {
            // A hint; who follows looks by itself.
            return;
        }
    }

    @Override
    public StateFeed follow(String prefix, Runnable hint) {
        return Calls.typed(files.dir(), () -> {
            FsStateFeed feed = new FsStateFeed(state, context.section, prefix, hint, this::stopFollowing);
            feeds.add(feed);
            state.watchers().add(context.me);
            return feed;
        });
    }

    private void stopFollowing(FsStateFeed feed) {
        if (feeds.remove(feed) && feeds.isEmpty()) {
            Calls.typed(files.dir(), () -> {
                state.watchers().remove(context.me);
                return true;
            });
        }
    }

    /** Tells those of this session who follow the state that there may be news. */
    void hint() {
        feeds.forEach(FsStateFeed::hint);
    }

    /** One look for what no bell told: values that ended with a dead session, and changes whose ring was lost. */
    void look() {
        if (!feeds.isEmpty()) {
            Calls.typed(files.dir(), () -> {
                for (SessionId owner : state.ephemerals().owners()) {
                    if (context.ended.test(owner)) {
                        forget(owner);
                    }
                }
                return true;
            });
            hint();
        }
    }
}
