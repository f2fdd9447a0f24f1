package dev.agentcoord.zk;

import dev.agentcoord.LimitExceededException;
import dev.agentcoord.TaskState;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.zookeeper.KeeperException;

/**
 * Keeps the two lists short that callers make longer as they like: the lanes, one for each route, and the minutes in which something is
 * due. Each is read as a whole by every claim, and one too long for a packet would stop the queue for everybody. Thread-safe.
 */
final class QueueRoom {
    /** A quarter of a packet: several callers may look before any of them adds. */
    private static final int MOST_BYTES = 256 * 1024;

    private static final int BYTES_A_NAME = 4;

    private final Requests requests;
    private final QueueNodes nodes;
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    QueueRoom(Requests requests, QueueNodes nodes) {
        this.requests = requests;
        this.nodes = nodes;
        known.add(nodes.of(TaskState.READY) + "/" + QueueNodes.ANYONE);
    }

    /** Throws {@link LimitExceededException} where the places about to be made need more lanes or minutes than there may be. */
    void check(Call call, List<String> places) throws KeeperException {
        check(call, places, TaskState.READY, "recipients");
        check(call, places, TaskState.SCHEDULED, "moments");
    }

    private void check(Call call, List<String> places, TaskState state, String what) throws KeeperException {
        String parent = nodes.of(state);
        Set<String> names = new LinkedHashSet<>();
        for (String place : places) {
            if (place.startsWith(parent + "/")) {
                names.add(place.substring(parent.length() + 1, place.indexOf('/', parent.length() + 1)));
            }
        }
        names.removeIf(name -> known.contains(parent + "/" + name));
        if (names.isEmpty()) {
            return;
        }
        Set<String> all = new HashSet<>(Batches.namesIfThere(call, requests.children(parent, null)));
        boolean isMore = all.addAll(names);
        long bytes =
                all.stream().mapToLong(name -> name.length() + BYTES_A_NAME).sum();
        if (isMore && bytes > MOST_BYTES) {
            throw new LimitExceededException(
                    parent,
                    "a queue has no room for tasks of more than " + MOST_BYTES / 1024 + " KB of different " + what
                            + ", and this would make " + all.size()
                            + " of them; let some tasks end first, or use another queue");
        }
        names.forEach(name -> known.add(parent + "/" + name));
    }
}
