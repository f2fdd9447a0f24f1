package dev.agentcoord.zk;

import dev.agentcoord.zk.Requests.Found;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;

/**
 * One look at a queue. Asks at once, with few packets, for all that the look before needed, so that mostly one round trip answers it; what
 * else is needed is asked for then. Not thread-safe.
 */
final class Glance {
    /** So many full buckets of names make one packet. */
    private static final int LISTS = 16;

    private final Call call;
    private final Requests requests;
    private final Map<String, CompletableFuture<List<String>>> lists = new HashMap<>();
    private final Map<String, CompletableFuture<Optional<Found>>> reads = new HashMap<>();
    private final Set<String> listed = new LinkedHashSet<>();
    private final CompletableFuture<String> synced;

    /** As of a moment after the call began. */
    Glance(Call call, Requests requests, String root, Collection<String> likely, List<String> likelyRead) {
        this.call = call;
        this.requests = requests;
        this.synced = requests.sync(root);
        ask(List.copyOf(likely), LISTS, Batches::lists, Batches::names, lists);
        ask(likelyRead, Batches.LARGE, Batches::gets, Batches::found, reads);
    }

    private <T> void ask(
            List<String> paths,
            int size,
            Function<List<String>, List<Op>> wanted,
            Function<OpResult, T> meaning,
            Map<String, CompletableFuture<T>> into) {
        for (int i = 0; i < paths.size(); i += size) {
            List<String> some = paths.subList(i, Math.min(paths.size(), i + size));
            CompletableFuture<List<OpResult>> answers = requests.reads(wanted.apply(some));
            for (int k = 0; k < some.size(); k++) {
                int number = k;
                into.put(some.get(k), answers.thenApply(results -> meaning.apply(results.get(number))));
            }
        }
    }

    /** The names below a path, in their order; none where it is not there. */
    List<String> names(String path) throws KeeperException {
        listed.add(path);
        call.await(synced);
        return call.await(asked(path));
    }

    /** Has them asked for, to be read later. */
    void ask(String path) {
        var unused = asked(path);
    }

    private CompletableFuture<List<String>> asked(String path) {
        return lists.computeIfAbsent(
                path,
                p -> requests.reads(Batches.lists(List.of(p))).thenApply(results -> Batches.names(results.get(0))));
    }

    Optional<Found> data(String path) throws KeeperException {
        call.await(synced);
        return call.await(reads.computeIfAbsent(path, p -> requests.data(p, null)));
    }

    /** What {@link #data} would say, if that was asked for already. */
    Optional<Found> dataIfAsked(String path) throws KeeperException {
        return reads.containsKey(path) ? data(path) : Optional.empty();
    }

    /** What the next look will need, should nothing have changed. */
    Set<String> listed() {
        return listed;
    }
}
