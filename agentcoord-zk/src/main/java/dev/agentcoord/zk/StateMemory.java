package dev.agentcoord.zk;

import dev.agentcoord.FencingToken;
import dev.agentcoord.Write;
import dev.agentcoord.spi.StateTxn;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.Stat;

/**
 * What a session last saw of keys it used lately, so that it can change them without reading first. What it remembers may be old: whatever
 * is decided from it is proven by the change itself. Thread-safe.
 */
final class StateMemory {
    private static final int UNKNOWN = -1;
    private static final int KEYS = 1_024;

    private final StateNodes nodes;
    private final Map<String, Integer> buckets = new HashMap<>();
    private final Map<String, Seen> keys = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Seen> eldest) {
            return size() > KEYS;
        }
    };

    StateMemory(StateNodes nodes) {
        this.nodes = nodes;
    }

    /**
     * A key as it was seen.
     *
     * @param key at that moment
     * @param bucket version its bucket had at that moment or before: as long as it has that, the znode is the same
     */
    private record Seen(StateFacts.Key key, int bucket) {}

    /** The version a key's bucket had when it was last seen; to be asked before the key is read. */
    synchronized int bucketOf(String key) {
        return buckets.getOrDefault(nodes.bucketOf(key), UNKNOWN);
    }

    /** A key was read while its bucket had that version, or later. */
    synchronized void learn(String key, StateFacts.Key is, int bucket) {
        if (bucket != UNKNOWN) {
            keys.put(key, new Seen(is, bucket));
        }
    }

    /** What was read of buckets and keys. */
    synchronized void learn(StateFacts facts) {
        facts.buckets().forEach((path, bucket) -> buckets.merge(path, bucket.version(), StateMemory::later));
        facts.keys().forEach((key, is) -> {
            StateFacts.Bucket bucket = facts.buckets().get(nodes.bucketOf(key));
            if (bucket != null) {
                learn(key, is, bucket.version());
            }
        });
    }

    /** What a change left behind, where its answer says so. */
    synchronized void learn(StateTxn txn, StateFacts facts, List<Op> ops, Commits.Done done, long connection) {
        Map<String, Stat> written = new HashMap<>();
        for (int i = 0; i < done.results().size(); i++) {
            if (done.results().get(i) instanceof OpResult.SetDataResult set) {
                written.put(ops.get(i).getPath(), set.getStat());
            }
        }
        for (Write write : txn.writes()) {
            if (write.value().isPresent() && !done.results().isEmpty()) {
                learn(write, facts, written, done.at(), connection);
            }
        }
    }

    private void learn(Write write, StateFacts facts, Map<String, Stat> written, long at, long connection) {
        String path = nodes.bucketOf(write.key());
        Stat raised = written.get(path);
        // What was written into was proven to be in that version of the bucket, what was made has raised it.
        StateFacts.Bucket bucket = raised == null ? facts.buckets().get(path) : StateFacts.Bucket.of(raised);
        Stat value = written.get(nodes.path(write.key()));
        if (raised != null) {
            buckets.merge(path, raised.getVersion(), StateMemory::later);
        }
        if (bucket != null) {
            StateFacts.Key made = new StateFacts.Key(at, 0, write.isEphemeral() ? connection : 0);
            learn(write.key(), value == null ? made : StateFacts.Key.of(value), bucket.version());
        }
    }

    /** Of two versions: they wrap. */
    private static int later(int one, int other) {
        return one - other > 0 ? one : other;
    }

    /** Keys that are changed, or were not as remembered. */
    synchronized void forget(StateTxn txn) {
        StateFacts.keys(txn).forEach(keys::remove);
    }

    /** What is remembered of all that a transaction is about; empty where something is not. */
    synchronized Optional<StateFacts> recall(StateTxn txn, Function<FencingToken, Optional<StateFacts.Held>> held) {
        Map<String, StateFacts.Bucket> versions = new HashMap<>();
        Map<String, StateFacts.Key> found = new HashMap<>();
        for (String key : StateFacts.keys(txn)) {
            Seen seen = keys.get(key);
            if (seen == null) {
                return Optional.empty();
            }
            found.put(key, seen.key());
            // The older of two proves both.
            versions.merge(
                    nodes.bucketOf(key),
                    new StateFacts.Bucket(seen.bucket(), 0),
                    (one, other) -> later(one.version(), other.version()) == one.version() ? other : one);
        }
        Map<FencingToken, StateFacts.Held> locks = new HashMap<>();
        for (FencingToken token : StateFacts.tokens(txn)) {
            Optional<StateFacts.Held> known = held.apply(token);
            if (known.isEmpty()) {
                return Optional.empty();
            }
            locks.put(token, known.get());
        }
        return Optional.of(new StateFacts(versions, found, Map.of(), locks));
    }
}
