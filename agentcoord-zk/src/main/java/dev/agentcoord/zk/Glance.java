package dev.agentcoord.zk;

import dev.agentcoord.zk.Requests.Found;
import dev.agentcoord.zk.Requests.Listing;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.KeeperException;

/**
 * One look at a queue. Asks at once for all that the look before needed, so that mostly one round trip answers it; what else is needed is
 * asked for then. Not thread-safe.
 */
final class Glance {
    private final Call call;
    private final Requests requests;
    private final Map<String, CompletableFuture<Listing>> lists = new HashMap<>();
    private final Map<String, CompletableFuture<Optional<Found>>> reads = new HashMap<>();
    private final Set<String> listed = new LinkedHashSet<>();
    private final CompletableFuture<String> synced;

    /** As of a moment after the call began. */
    Glance(Call call, Requests requests, String root, Set<String> likely, List<String> likelyRead) {
        this.call = call;
        this.requests = requests;
        this.synced = requests.sync(root);
        likely.forEach(path -> lists.put(path, requests.children(path, null)));
        likelyRead.forEach(path -> reads.put(path, requests.data(path, null)));
    }

    /** The names below a path, in their order; none where it is not there. */
    List<String> names(String path) throws KeeperException {
        listed.add(path);
        call.await(synced);
        try {
            return call.await(lists.computeIfAbsent(path, p -> requests.children(p, null))).names().stream()
                    .sorted()
                    .toList();
        } catch (KeeperException.NoNodeException e) {
            return List.of();
        }
    }

    /** Has them asked for, to be read later. */
    void ask(String path) {
        lists.computeIfAbsent(path, p -> requests.children(p, null));
    }

    Optional<Found> data(String path) throws KeeperException {
        call.await(synced);
        return call.await(reads.computeIfAbsent(path, p -> requests.data(p, null)));
    }

    /** What the next look will need, should nothing have changed. */
    Set<String> listed() {
        return listed;
    }
}
