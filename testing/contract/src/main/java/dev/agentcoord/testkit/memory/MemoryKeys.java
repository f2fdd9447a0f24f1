package dev.agentcoord.testkit.memory;

import dev.agentcoord.Condition;
import dev.agentcoord.FencingToken;
import dev.agentcoord.SessionId;
import dev.agentcoord.TxnResult;
import dev.agentcoord.Versioned;
import dev.agentcoord.Write;
import dev.agentcoord.spi.StateTxn;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The keys of a space; one counter makes all revisions, so none repeats for a key even when it was deleted. Thread-safe. */
class MemoryKeys {
    private final NavigableMap<String, Versioned> values = new TreeMap<>();
    final List<MemoryFeed> feeds = new CopyOnWriteArrayList<>();
    private long lastRevision;

    synchronized Optional<Versioned> get(String key) {
        return Optional.ofNullable(values.get(key));
    }

    synchronized List<Versioned> list(String prefix, String after, int limit) {
        return values.tailMap(after, false).values().stream()
                .filter(value -> value.key().startsWith(prefix))
                .limit(limit)
                .toList();
    }

    /** Decides and writes on behalf of a session. */
    synchronized TxnResult commit(StateTxn txn, SessionId me, Predicate<FencingToken> held) {
        return txn.conditions().stream().allMatch(condition -> isTrue(condition, held))
                ? TxnResult.committed(apply(txn.writes(), me))
                : TxnResult.refused(read(txn.reads()));
    }

    Map<String, Versioned> read(List<String> keys) {
        Map<String, Versioned> found = new HashMap<>();
        keys.forEach(key -> get(key).ifPresent(value -> found.put(key, value)));
        return found;
    }

    /** The revision of the values written, or 0. */
    long apply(List<Write> writes, SessionId me) {
        if (writes.stream().allMatch(write -> write.value().isEmpty())) {
            writes.forEach(write -> set(write.key(), null));
            return 0;
        }
        long revision = nextRevision(writes.get(0).key());
        for (Write write : writes) {
            SessionId owner = write.isEphemeral() ? me : null;
            set(
                    write.key(),
                    write.value()
                            .map(value -> new Versioned(write.key(), value, revision, owner))
                            .orElse(null));
        }
        return revision;
    }

    /** Sets or, with null, removes a value, and notes it for those who follow. */
    final void set(String key, @Nullable Versioned value) {
        if (value == null) {
            values.remove(key);
        } else {
            values.put(key, value);
        }
        feeds.forEach(feed -> feed.note(key));
    }

    boolean isTrue(Condition condition, Predicate<FencingToken> held) {
        if (condition instanceof Condition.OfKey of) {
            long now = revisionOf(of.key());
            return of.revision() == Condition.EXISTS ? now != Condition.ABSENT : now == of.revision();
        }
        return ((Condition.Held) condition).tokens().stream().allMatch(held);
    }

    /** Removes what ends with a session. */
    void end(SessionId session) {
        synchronized (this) {
            values.values().stream()
                    .filter(value -> value.owner().filter(session::equals).isPresent())
                    .map(Versioned::key)
                    .toList()
                    .forEach(key -> set(key, null));
        }
        tell();
    }

    /** Tells those who follow that there may be news; holding no lock. */
    void tell() {
        feeds.forEach(MemoryFeed::hint);
    }

    MemoryFeed follow(String prefix, Runnable hint) {
        MemoryFeed feed = newFeed(prefix, hint);
        feeds.add(feed);
        return feed;
    }

    MemoryFeed newFeed(String prefix, Runnable hint) {
        return new MemoryFeed(prefix, hint, feeds);
    }

    long nextRevision(String key) {
        return ++lastRevision;
    }

    long revisionOf(String key) {
        Versioned current = values.get(key);
        return current == null ? Condition.ABSENT : current.revision();
    }
}
