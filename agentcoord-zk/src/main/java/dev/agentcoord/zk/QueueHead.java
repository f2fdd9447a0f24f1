package dev.agentcoord.zk;

import dev.agentcoord.Participant;
import dev.agentcoord.TaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.zookeeper.KeeperException;

/** The first ready tasks that a participant may claim: over all its lanes, priority before number. Stateless. */
final class QueueHead {
    /** A claim takes one of so many: the first, or another where consumers collide. */
    static final int FIRST = 8;

    private QueueHead() {}

    static List<TaskLeaf> of(Glance glance, QueueNodes nodes, Requests requests, Participant who)
            throws KeeperException {
        String ready = nodes.of(TaskState.READY);
        List<String> lanes = glance.names(ready).stream()
                .filter(lane -> QueueNodes.route(lane).admits(who))
                .map(lane -> ready + "/" + lane)
                .toList();
        lanes.forEach(glance::ask);
        TreeMap<String, List<String>> buckets = new TreeMap<>();
        for (String lane : lanes) {
            for (String bucket : glance.names(lane)) {
                buckets.computeIfAbsent(bucket, b -> new ArrayList<>()).add(lane + "/" + bucket);
            }
        }
        List<TaskLeaf> first = new ArrayList<>();
        while (!buckets.isEmpty() && first.size() < FIRST) {
            List<String> paths = buckets.pollFirstEntry().getValue();
            paths.forEach(glance::ask);
            List<TaskLeaf> found = new ArrayList<>();
            for (String path : paths) {
                List<String> names = glance.names(path);
                names.stream().limit(FIRST).forEach(name -> found.add(TaskLeaf.parse(path, name)));
                if (names.isEmpty() && !buckets.isEmpty()) {
                    // Left behind; should it be needed again it is made again. Where it is not empty any more nothing
                    // happens.
                    var unused = requests.delete(path);
                }
            }
            found.sort(null);
            first.addAll(found);
        }
        return first.subList(0, Math.min(FIRST, first.size()));
    }
}
