package dev.agentcoord.zk;

import dev.agentcoord.Intervention;
import dev.agentcoord.core.record.InterventionCodec;
import dev.agentcoord.core.record.Json;
import dev.agentcoord.zk.Requests.Found;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.KeeperException;
import org.jspecify.annotations.Nullable;

/** The latest thefts of a space, a znode each, named after the position of what was stolen. Stateless. */
final class TheftLog {
    private TheftLog() {}

    /**
     * One theft.
     *
     * @param path of its znode
     * @param at the transaction it happened in
     * @param theft who, what and why
     */
    record Entry(String path, long at, Intervention theft) {}

    /** All there are, the last first. */
    static List<Entry> read(Call call, Requests requests, String thefts) throws KeeperException {
        CompletableFuture<String> synced = requests.sync(thefts);
        CompletableFuture<Requests.Listing> listed = requests.children(thefts, null);
        call.await(synced);
        List<String> paths = call.await(listed).names().stream()
                .map(name -> thefts + "/" + name)
                .toList();
        List<@Nullable Found> found = Batches.read(call, requests, paths, Batches.SMALL);
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            Found one = found.get(i);
            if (one != null) {
                Intervention theft = InterventionCodec.read(Json.read(paths.get(i), one.bytes()));
                entries.add(new Entry(paths.get(i), one.stat().getCzxid(), theft));
            }
        }
        entries.sort(Comparator.comparingLong(Entry::at).reversed());
        return entries;
    }
}
