package dev.agentcoord.zk;

import dev.agentcoord.zk.Requests.Listing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.data.Stat;

/**
 * Finds out by looking which keys have changed, in case a watch does not tell: compares the transaction that wrote each with that of the
 * look before. One look at a time.
 */
final class StateRecheck {
    private final Requests requests;
    private final StateNodes nodes;
    private Map<String, Long> seen = Map.of();

    StateRecheck(Requests requests, StateNodes nodes) {
        this.requests = requests;
        this.nodes = nodes;
    }

    /** The keys that came, went or changed since the last look that succeeded. */
    CompletableFuture<Set<String>> look() {
        List<CompletableFuture<List<String>>> paths = new ArrayList<>();
        for (String bucket : nodes.buckets()) {
            paths.add(requests.children(bucket, null).thenApply(listing -> paths(bucket, listing)));
        }
        return all(paths).thenCompose(lists -> {
            List<CompletableFuture<Map.Entry<String, Long>>> revisions = new ArrayList<>();
            lists.forEach(list -> list.forEach(path ->
                    revisions.add(requests.stat(path).thenApply(stat -> Map.entry(path, revision(stat))))));
            return all(revisions).thenApply(this::compare);
        });
    }

    /** How many keys there were at the last. */
    synchronized int size() {
        return seen.size();
    }

    private synchronized Set<String> compare(List<Map.Entry<String, Long>> revisions) {
        Map<String, Long> now = new HashMap<>();
        revisions.forEach(each -> now.put(each.getKey(), each.getValue()));
        Set<String> paths = new HashSet<>(now.keySet());
        paths.addAll(seen.keySet());
        Map<String, Long> before = seen;
        paths.removeIf(path -> now.containsKey(path) && now.get(path).equals(before.get(path)));
        seen = now;
        Set<String> keys = new HashSet<>();
        paths.forEach(path -> nodes.keyAt(path).ifPresent(keys::add));
        return keys;
    }

    /** Gone by then counts as none, which differs from any. */
    private static long revision(Optional<Stat> stat) {
        return stat.map(Stat::getMzxid).orElse(0L);
    }

    private static List<String> paths(String bucket, Listing listing) {
        return listing.names().stream().map(name -> bucket + "/" + name).toList();
    }

    private static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> several) {
        return CompletableFuture.allOf(several.toArray(CompletableFuture[]::new))
                .thenApply(done -> several.stream().map(CompletableFuture::join).toList());
    }
}
