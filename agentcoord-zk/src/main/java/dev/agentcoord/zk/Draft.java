package dev.agentcoord.zk;

import dev.agentcoord.LimitExceededException;
import dev.agentcoord.zk.Requests.Found;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.data.ACL;
import org.jspecify.annotations.Nullable;

/**
 * A change of several znodes in the making: reads through itself, so that its parts see each other, and becomes one request that does
 * nothing where a znode it writes is another by then. Not thread-safe.
 */
final class Draft {
    /** Below what a server takes in one packet, which is 1 MiB. */
    private static final int MOST_BYTES = 900 * 1024;

    private static final int OP_BYTES = 64;
    private static final byte[] NONE = {};

    private final Requests requests;
    private final List<ACL> acl;
    private final Map<String, Slot> slots = new LinkedHashMap<>();
    private final Map<String, Boolean> marks = new LinkedHashMap<>();
    private final List<Op> guards = new ArrayList<>();

    Draft(Requests requests, List<ACL> acl) {
        this.requests = requests;
        this.acl = acl;
    }

    /** One znode, as it was read and as it will be. */
    private static final class Slot {
        private final @Nullable Found was;
        private byte @Nullable [] now;
        private boolean written;

        Slot(@Nullable Found was) {
            this.was = was;
            this.now = was == null ? null : was.bytes();
        }
    }

    /** Reads several at once that are not known yet. */
    void fetch(Call call, Collection<String> paths) throws KeeperException {
        Map<String, CompletableFuture<Optional<Found>>> asked = new LinkedHashMap<>();
        for (String path : paths) {
            if (!slots.containsKey(path)) {
                asked.computeIfAbsent(path, p -> requests.data(p, null));
            }
        }
        for (Map.Entry<String, CompletableFuture<Optional<Found>>> one : asked.entrySet()) {
            learn(one.getKey(), call.await(one.getValue()));
        }
    }

    /** Takes over what was read elsewhere. */
    void learn(String path, Optional<Found> found) {
        slots.putIfAbsent(path, new Slot(found.orElse(null)));
    }

    /** The data of a znode as this change leaves it. */
    Optional<byte[]> read(Call call, String path) throws KeeperException {
        fetch(call, List.of(path));
        return Optional.ofNullable(slot(path).now);
    }

    /** The znode as it was before. */
    @Nullable Found was(String path) {
        return slot(path).was;
    }

    /** Writes one that was read, or makes it where it was not there. */
    void put(String path, byte[] data) {
        Slot slot = slot(path);
        slot.now = data;
        slot.written = true;
    }

    /** Removes one that was read. */
    void remove(String path) {
        Slot slot = slot(path);
        slot.now = null;
        slot.written = true;
    }

    /** Makes an empty one, which is not there. */
    void mark(String path) {
        if (marks.containsKey(path)) {
            marks.remove(path);
        } else {
            marks.put(path, true);
        }
    }

    /** Removes one, which is there. */
    void unmark(String path) {
        if (marks.containsKey(path)) {
            marks.remove(path);
        } else {
            marks.put(path, false);
        }
    }

    /** Makes one, which is not there, that this change does not read. */
    void create(String path, byte[] data) {
        guards.add(Op.create(path, data, acl, CreateMode.PERSISTENT));
    }

    /** Removes one, which is there, that this change does not read. */
    void delete(String path) {
        guards.add(Op.delete(path, Requests.ANY_VERSION));
    }

    /** Removes one that this change does not read, and does nothing at all unless it is at that version. */
    void delete(String path, int version) {
        guards.add(Op.delete(path, version));
    }

    /** Nothing is done unless it is there at that version. */
    void require(String path, int version) {
        guards.add(Op.check(path, version));
    }

    /** Nothing is done unless there is no such znode. */
    void requireAbsent(String path) {
        guards.add(Op.create(path, NONE, acl, CreateMode.PERSISTENT));
        guards.add(Op.delete(path, Requests.ANY_VERSION));
    }

    /** The znodes it makes whose directories may not be there yet. */
    List<String> made() {
        return marks.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The whole as one request; throws {@link LimitExceededException} where it is too large to be one. */
    List<Op> ops(Object subject) {
        List<Op> ops = new ArrayList<>(guards);
        long bytes = 0;
        for (Map.Entry<String, Slot> one : slots.entrySet()) {
            Slot slot = one.getValue();
            if (slot.written && (slot.was != null || slot.now != null)) {
                ops.add(op(one.getKey(), slot));
                bytes += slot.now == null ? 0 : slot.now.length;
            }
        }
        marks.forEach((path, isNew) -> ops.add(
                isNew ? Op.create(path, NONE, acl, CreateMode.PERSISTENT) : Op.delete(path, Requests.ANY_VERSION)));
        for (Op op : ops) {
            bytes += op.getPath().length() + OP_BYTES;
        }
        if (bytes > MOST_BYTES) {
            throw new LimitExceededException(
                    subject,
                    subject + ": the change has " + bytes + " bytes, and one request to ZooKeeper has at most "
                            + MOST_BYTES + "; use smaller batches, or store a path to what is large");
        }
        return ops;
    }

    private Op op(String path, Slot slot) {
        byte[] data = slot.now;
        if (slot.was == null) {
            return Op.create(path, data == null ? NONE : data, acl, CreateMode.PERSISTENT);
        }
        int version = slot.was.stat().getVersion();
        return data == null ? Op.delete(path, version) : Op.setData(path, data, version);
    }

    private Slot slot(String path) {
        Slot slot = slots.get(path);
        if (slot == null) {
            throw new IllegalStateException(path + " is written before it is read");
        }
        return slot;
    }
}
