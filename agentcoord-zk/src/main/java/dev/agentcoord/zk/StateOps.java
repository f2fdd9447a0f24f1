package dev.agentcoord.zk;

import dev.agentcoord.Condition;
import dev.agentcoord.FencingToken;
import dev.agentcoord.LimitExceededException;
import dev.agentcoord.SessionId;
import dev.agentcoord.Write;
import dev.agentcoord.spi.StateTxn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.data.ACL;
import org.jspecify.annotations.Nullable;

/**
 * A transaction as what ZooKeeper does at one moment: the writes, and checks that fail if a fact it was decided from is another by then.
 * Whatever makes a znode raises the version of its bucket. Not thread-safe.
 */
final class StateOps {
    private static final byte[] NONE = {};

    private final StateNodes nodes;
    private final StateFacts facts;
    private final Writer writer;
    /** Buckets in which nothing may have been made since they were read. */
    private final Set<String> stable = new TreeSet<>();
    /** Buckets in which something is made now. */
    private final Set<String> growing = new TreeSet<>();
    /** Keys that have to be as they were read and are written as well, which proves it. */
    private final Set<String> proven = new HashSet<>();
    /** Paths that have to be there. */
    private final Set<String> there = new LinkedHashSet<>();

    private final List<Op> ops = new ArrayList<>();

    /**
     * Who writes.
     *
     * @param id of the session
     * @param connection the ZooKeeper session that its ephemeral znodes belong to
     * @param acl of what it makes
     */
    record Writer(SessionId id, long connection, List<ACL> acl) {}

    private StateOps(StateNodes nodes, StateFacts facts, Writer writer) {
        this.nodes = nodes;
        this.facts = facts;
        this.writer = writer;
    }

    /** The first condition that is not true; null when all are. */
    static @Nullable Condition wrong(StateFacts facts, StateTxn txn) {
        return txn.conditions().stream()
                .filter(condition -> !isTrue(facts, condition))
                .findFirst()
                .orElse(null);
    }

    private static boolean isTrue(StateFacts facts, Condition condition) {
        if (condition instanceof Condition.OfKey of) {
            StateFacts.Key key = facts.keys().get(of.key());
            long revision = key == null ? Condition.ABSENT : key.revision();
            return of.revision() == Condition.EXISTS ? key != null : revision == of.revision();
        }
        return ((Condition.Held) condition)
                .tokens().stream().allMatch(token -> isHeld(facts, token).granted());
    }

    private static StateFacts.Held isHeld(StateFacts facts, FencingToken token) {
        return facts.locks().getOrDefault(token, new StateFacts.Held(false, List.of()));
    }

    /** Whether a condition that is not true can never be true again. */
    static boolean isOver(StateFacts facts, Condition wrong) {
        if (wrong instanceof Condition.OfKey of) {
            StateFacts.Key key = facts.keys().get(of.key());
            return key != null && of.revision() > 0 && key.revision() > of.revision();
        }
        return false;
    }

    /** Does it, if what it was decided from is still so. Throws {@link LimitExceededException} where there are too many keys. */
    static List<Op> change(StateNodes nodes, StateFacts facts, Writer writer, StateTxn txn) {
        StateOps all = new StateOps(nodes, facts, writer);
        txn.conditions().forEach(condition -> all.require(condition, txn));
        txn.writes().forEach(all::write);
        return all.list();
    }

    /** Changes nothing, but fails if the condition or one of the keys that were read is another by then. */
    static List<Op> proof(StateNodes nodes, StateFacts facts, Writer writer, Condition wrong, List<String> reads) {
        StateOps all = new StateOps(nodes, facts, writer);
        if (wrong instanceof Condition.OfKey of) {
            all.keep(of.key(), List.of());
        } else {
            ((Condition.Held) wrong)
                    .tokens()
                    .forEach(token -> all.there.addAll(isHeld(facts, token).proof()));
        }
        reads.forEach(key -> all.keep(key, List.of()));
        return all.list();
    }

    private List<Op> list() {
        List<Op> list = new ArrayList<>();
        for (String bucket : stable) {
            if (!growing.contains(bucket)) {
                list.add(Op.check(bucket, bucket(bucket).version()));
            }
        }
        for (String bucket : growing) {
            int version = stable.contains(bucket) ? bucket(bucket).version() : Requests.ANY_VERSION;
            list.add(Op.setData(bucket, NONE, version));
        }
        there.forEach(path -> list.add(Op.check(path, Requests.ANY_VERSION)));
        list.addAll(ops);
        return list;
    }

    private void require(Condition condition, StateTxn txn) {
        if (condition instanceof Condition.Held held) {
            held.tokens().forEach(token -> there.addAll(isHeld(facts, token).proof()));
            return;
        }
        Condition.OfKey of = (Condition.OfKey) condition;
        if (of.revision() == Condition.EXISTS) {
            there.add(nodes.path(of.key()));
        } else if (of.revision() != Condition.ABSENT
                || txn.writes().stream().noneMatch(write -> makes(write, of.key()))) {
            keep(of.key(), txn.writes());
        }
    }

    /** The key has to be as it was read; where it is written as well that proves it. */
    private void keep(String key, List<Write> writes) {
        stable.add(nodes.bucketOf(key));
        StateFacts.Key is = facts.keys().get(key);
        if (is == null) {
            return;
        }
        if (writes.stream().anyMatch(write -> write.key().equals(key))) {
            proven.add(key);
        } else {
            ops.add(Op.check(nodes.path(key), is.version()));
        }
    }

    /** Making it fails where it is there. */
    private static boolean makes(Write write, String key) {
        return write.key().equals(key) && write.value().isPresent();
    }

    private void write(Write write) {
        String path = nodes.path(write.key());
        StateFacts.Key is = facts.keys().get(write.key());
        int version = is != null && proven.contains(write.key()) ? is.version() : Requests.ANY_VERSION;
        if (write.value().isEmpty()) {
            if (is == null) {
                stable.add(nodes.bucketOf(write.key()));
            } else {
                ops.add(Op.delete(path, version));
            }
            return;
        }
        Optional<SessionId> owner = write.isEphemeral() ? Optional.of(writer.id) : Optional.empty();
        byte[] data = StateNodes.data(write.value().get(), owner);
        if (is != null && is.owner() == (write.isEphemeral() ? writer.connection : 0)) {
            // What is there has to be that znode still, not one that would go with a session.
            stable.add(nodes.bucketOf(write.key()));
            ops.add(Op.setData(path, data, version));
            return;
        }
        if (is != null) {
            ops.add(Op.delete(path, version));
        } else {
            requireRoom(write.key());
        }
        growing.add(nodes.bucketOf(write.key()));
        ops.add(Op.create(path, data, writer.acl, write.isEphemeral() ? CreateMode.EPHEMERAL : CreateMode.PERSISTENT));
    }

    private void requireRoom(String key) {
        if (bucket(nodes.bucketOf(key)).keys() >= StateNodes.KEYS_PER_BUCKET) {
            throw new LimitExceededException(
                    key,
                    "the space has about " + StateNodes.BUCKETS * StateNodes.KEYS_PER_BUCKET
                            + " keys, as many as it may on ZooKeeper; delete some, or store a path instead");
        }
    }

    private StateFacts.Bucket bucket(String path) {
        StateFacts.Bucket bucket = facts.buckets().get(path);
        if (bucket == null) {
            throw new IllegalStateException("not read: " + path);
        }
        return bucket;
    }
}
