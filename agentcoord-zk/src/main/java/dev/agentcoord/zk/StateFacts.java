package dev.agentcoord.zk;

import dev.agentcoord.Condition;
import dev.agentcoord.FencingToken;
import dev.agentcoord.Versioned;
import dev.agentcoord.Write;
import dev.agentcoord.spi.StateTxn;
import dev.agentcoord.zk.Requests.Found;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.NoNodeException;
import org.apache.zookeeper.data.Stat;

/**
 * What a transaction is decided from, each fact of some moment; the change that follows proves them again, all at one. A bucket is read
 * before its keys, so that a key is the one that was read for as long as the bucket's version stays.
 *
 * @param buckets by path
 * @param keys by key; those that are there
 * @param values of the keys to be read
 * @param locks what is known of each token
 */
record StateFacts(
        Map<String, Bucket> buckets,
        Map<String, Key> keys,
        Map<String, Versioned> values,
        Map<FencingToken, Held> locks) {
    /** Copies. */
    StateFacts {
        buckets = Map.copyOf(buckets);
        keys = Map.copyOf(keys);
        values = Map.copyOf(values);
        locks = Map.copyOf(locks);
    }

    /**
     * A bucket.
     *
     * @param version raised whenever a key is made in it
     * @param keys how many there are
     */
    record Bucket(int version, int keys) {
        static Bucket of(Stat stat) {
            return new Bucket(stat.getVersion(), stat.getNumChildren());
        }
    }

    /**
     * A key that is there.
     *
     * @param revision the transaction that wrote its value
     * @param version of its znode, which starts again when that is made again
     * @param owner the ZooKeeper session that it ends with, or 0
     */
    record Key(long revision, int version, long owner) {
        static Key of(Stat stat) {
            return new Key(stat.getMzxid(), stat.getVersion(), stat.getEphemeralOwner());
        }
    }

    /**
     * Whether a token is that of a granted ticket.
     *
     * @param granted the answer
     * @param proof the paths that say so for as long as all are there: of the ticket, and of the claim of its task; empty where it is so
     *     for ever
     */
    record Held(boolean granted, List<String> proof) {
        /** Copies. */
        Held {
            proof = List.copyOf(proof);
        }
    }

    /** Reads what conditions and writes are about. */
    static StateFacts read(Call call, ZkStoreSession session, StateTxn txn) throws KeeperException {
        return read(call, session, txn, false);
    }

    /** The same and the values to be read, none of it older than this call, whichever server answers. */
    static StateFacts readFenced(Call call, ZkStoreSession session, StateTxn txn) throws KeeperException {
        return read(call, session, txn, true);
    }

    private static StateFacts read(Call call, ZkStoreSession session, StateTxn txn, boolean fenced)
            throws KeeperException {
        Requests requests = session.connection().own();
        StateNodes nodes = session.space().node().state();
        CompletableFuture<?> fence =
                fenced ? session.record().fence(requests) : CompletableFuture.completedFuture(true);
        List<String> reads = fenced ? txn.reads() : List.of();
        Map<String, CompletableFuture<Optional<Stat>>> buckets = new LinkedHashMap<>();
        Map<String, CompletableFuture<Optional<Stat>>> stats = new LinkedHashMap<>();
        Map<String, CompletableFuture<Optional<Found>>> values = new LinkedHashMap<>();
        Set<String> keys = keys(txn);
        keys.addAll(reads);
        keys.forEach(key -> buckets.computeIfAbsent(nodes.bucketOf(key), requests::stat));
        keys.removeAll(reads);
        keys.forEach(key -> stats.put(key, requests.stat(nodes.path(key))));
        reads.forEach(key -> values.computeIfAbsent(key, k -> requests.data(nodes.path(k), null)));
        call.await(fence);

        Map<String, Bucket> there = new HashMap<>();
        for (var bucket : buckets.entrySet()) {
            Stat stat = call.await(bucket.getValue()).orElseThrow(() -> new NoNodeException(bucket.getKey()));
            there.put(bucket.getKey(), Bucket.of(stat));
        }
        Map<String, Key> found = new HashMap<>();
        for (var stat : stats.entrySet()) {
            call.await(stat.getValue()).ifPresent(is -> found.put(stat.getKey(), Key.of(is)));
        }
        Map<String, Versioned> read = new HashMap<>();
        for (var value : values.entrySet()) {
            call.await(value.getValue()).ifPresent(is -> {
                found.put(value.getKey(), Key.of(is.stat()));
                read.put(value.getKey(), nodes.value(value.getKey(), is));
            });
        }
        return new StateFacts(there, found, read, locks(call, session, txn));
    }

    /** The keys that conditions and writes are about. */
    static Set<String> keys(StateTxn txn) {
        Set<String> keys = new LinkedHashSet<>();
        for (Condition condition : txn.conditions()) {
            if (condition instanceof Condition.OfKey of) {
                keys.add(of.key());
            }
        }
        txn.writes().stream().map(Write::key).forEach(keys::add);
        return keys;
    }

    private static Map<FencingToken, Held> locks(Call call, ZkStoreSession session, StateTxn txn)
            throws KeeperException {
        Map<FencingToken, Held> locks = new HashMap<>();
        for (FencingToken token : tokens(txn)) {
            locks.put(token, session.tickets().tokens().held(call, token));
        }
        return locks;
    }

    /** The tokens that conditions are about. */
    static Set<FencingToken> tokens(StateTxn txn) {
        Set<FencingToken> tokens = new LinkedHashSet<>();
        for (Condition condition : txn.conditions()) {
            if (condition instanceof Condition.Held held) {
                tokens.addAll(held.tokens());
            }
        }
        return tokens;
    }
}
