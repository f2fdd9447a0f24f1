package dev.agentcoord.zk;

import dev.agentcoord.Intervention;
import dev.agentcoord.core.record.InterventionCodec;
import dev.agentcoord.core.record.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.zookeeper.KeeperException;

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
        List<Entry> entries = new ArrayList<>();
        for (Batches.Child child : Batches.children(call, requests, thefts, Batches.SMALL)) {
            Intervention theft =
                    InterventionCodec.read(Json.read(child.path(), child.found().bytes()));
            entries.add(new Entry(child.path(), child.found().stat().getCzxid(), theft));
        }
        entries.sort(Comparator.comparingLong(Entry::at).reversed());
        return entries;
    }
}
