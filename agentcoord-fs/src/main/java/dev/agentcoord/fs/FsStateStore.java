package dev.agentcoord.fs;

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
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;

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
     * @param alive throws once the session has ended
     * @param me the session
     * @param held whether a token is that of a granted ticket; asked inside the section
     * @param ended whether a session has ended or is proven dead
     * @param ring wakes a session that follows the state
     * @param writes how what is written reaches the disk
     */
    record Context(
            Section.Entrance section,
            Runnable alive,
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
            context.writes.begin(context.section);
            for (Write write : txn.writes()) {
                if (write.isEphemeral()) {
                    state.ephemerals().note(context.me, KeyName.of(write.key()));
                }
            }
            StateCommit commit = new StateCommit(state, txn, context);
            boolean settled = false;
            if (commit.isOneValue() && context.writes.isSynced()) {
                settled = state.commits().run(commit);
            } else {
                while (!commit.isDone()) {
                    commit.attempt();
                }
            }
            TxnResult result = Objects.requireNonNull(commit.result());
            if (commit.hasWritten()) {
                if (!settled) {
                    settle(commit);
                }
                ringWatchers();
            }
            return result;
        });
    }

    /** It is done by now, so no error may say that it is not. */
    private void settle(StateCommit commit) {
        try {
            context.writes.settle(commit.whatToSync());
            commit.settled();
        } catch (IOException e) {
            throw new OutcomeUnknownException(
                    commit.txn(),
                    "written, but perhaps not on the disk (" + e.getMessage() + "); write it again to be sure",
                    e);
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
