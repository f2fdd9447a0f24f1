package dev.agentcoord.zk;

import dev.agentcoord.QueueSettings;
import dev.agentcoord.QueueStatus;
import dev.agentcoord.TaskAttempt;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskPage;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.queue.PageCursor;
import dev.agentcoord.zk.Requests.Found;
import dev.agentcoord.zk.Requests.Listing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/** What is to be seen of a queue, read off its znodes as of some moments after the call began. Thread-safe. */
final class QueueListings {
    private static final Pattern BY_TIME = Pattern.compile("[0-9a-f]{25}");
    private static final Pattern BY_NUMBER = Pattern.compile("[0-9][0-9a-f]{10}");

    private final Requests requests;
    private final QueueNodes nodes;
    private final StoreClock clock;

    QueueListings(Requests requests, QueueNodes nodes, StoreClock clock) {
        this.requests = requests;
        this.nodes = nodes;
        this.clock = clock;
    }

    Optional<TaskInfo> find(Call call, TaskId id) throws KeeperException {
        CompletableFuture<String> synced = requests.sync(nodes.root());
        CompletableFuture<Optional<Found>> asked = requests.data(nodes.task(id), null);
        call.await(synced);
        return call.await(asked)
                .map(found -> TaskNode.decode(nodes.task(id), id, found.bytes()))
                .filter(task -> !task.isGone)
                .map(task -> task.info(clock.now()));
    }

    List<TaskAttempt> history(Call call, TaskId id, int limit) throws KeeperException {
        List<Integer> numbers = names(call, nodes.task(id)).stream()
                .map(Integer::valueOf)
                .sorted()
                .toList();
        List<Integer> latest = numbers.subList(Math.max(0, numbers.size() - limit), numbers.size());
        List<String> paths =
                latest.stream().map(number -> nodes.attempt(id, number)).toList();
        List<@Nullable Found> found = Batches.read(call, requests, paths, Batches.LARGE);
        List<TaskAttempt> attempts = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            Found one = found.get(i);
            if (one != null) {
                attempts.add(TaskNode.attempt(paths.get(i), latest.get(i), one.bytes()));
            }
        }
        return attempts;
    }

    /** The places of all tasks of a state. */
    List<TaskLeaf> leaves(Call call, TaskState state) throws KeeperException {
        return leaves(call, directories(call, state));
    }

    /** The places of the tasks of which only the id is known. */
    List<TaskLeaf> forgotten(Call call) throws KeeperException {
        return leaves(call, below(nodes.forgotten(), names(call, nodes.forgotten())));
    }

    private List<TaskLeaf> leaves(Call call, List<String> directories) throws KeeperException {
        CompletableFuture<String> synced = requests.sync(nodes.root());
        List<CompletableFuture<Listing>> asked =
                directories.stream().map(dir -> requests.children(dir, null)).toList();
        call.await(synced);
        List<TaskLeaf> leaves = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            String dir = directories.get(i);
            Batches.namesIfThere(call, asked.get(i)).forEach(name -> leaves.add(TaskLeaf.parse(dir, name)));
        }
        return leaves;
    }

    TaskPage list(Call call, TaskState state, String cursor, int limit) throws KeeperException {
        PageCursor.require(cursor, state == TaskState.SCHEDULED ? BY_TIME : BY_NUMBER);
        List<TaskLeaf> rest = new ArrayList<>(leaves(call, state));
        rest.removeIf(leaf -> key(state, leaf).compareTo(cursor) <= 0);
        rest.sort(Comparator.comparing(leaf -> key(state, leaf)));
        List<TaskLeaf> page = rest.subList(0, Math.min(limit, rest.size()));
        List<@Nullable Found> found = Batches.readEach(
                call, requests, page.stream().map(leaf -> nodes.task(leaf.id())).toList());
        List<TaskInfo> infos = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            Found one = found.get(i);
            if (one != null) {
                TaskId id = page.get(i).id();
                TaskNode task = TaskNode.decode(nodes.task(id), id, one.bytes());
                if (task.state == state) {
                    infos.add(task.info(clock.now()));
                }
            }
        }
        return new TaskPage(infos, rest.size() > limit ? key(state, page.get(limit - 1)) : null);
    }

    /** Sorts as the tasks of a state do. */
    private static String key(TaskState state, TaskLeaf leaf) {
        return state == TaskState.SCHEDULED
                ? String.format("%015x%010x", leaf.moment(), leaf.number())
                : String.format("%d%010x", leaf.priority(), leaf.number());
    }

    QueueStatus status(Call call, QueueSettings settings) throws KeeperException {
        Map<TaskState, Integer> depth = new EnumMap<>(TaskState.class);
        for (TaskState state : TaskState.values()) {
            depth.put(state, count(call, state));
        }
        Duration oldest = null;
        for (TaskNode task : oldestReady(call)) {
            oldest = Duration.between(task.enqueued, Instant.ofEpochMilli(clock.now()));
        }
        return new QueueStatus(depth, oldest, settings);
    }

    /** How many tasks have not ended. */
    long pending(Call call) throws KeeperException {
        long pending = 0;
        for (TaskState state : TaskState.values()) {
            pending += state.isEnd() ? 0 : count(call, state);
        }
        return pending;
    }

    /** How many of them a session enqueued. */
    long pendingBy(Call call, String by) throws KeeperException {
        long pending = 0;
        for (TaskState state : TaskState.values()) {
            if (!state.isEnd()) {
                pending += leaves(call, state).stream()
                        .filter(leaf -> leaf.by().equals(by))
                        .count();
            }
        }
        return pending;
    }

    private int count(Call call, TaskState state) throws KeeperException {
        List<CompletableFuture<Optional<Stat>>> stats =
                directories(call, state).stream().map(requests::stat).toList();
        int count = 0;
        for (CompletableFuture<Optional<Stat>> stat : stats) {
            count += call.await(stat).map(Stat::getNumChildren).orElse(0);
        }
        return count;
    }

    /** The first enqueued of those that are ready, if any is. */
    private List<TaskNode> oldestReady(Call call) throws KeeperException {
        List<String> dirs = new ArrayList<>(directories(call, TaskState.READY));
        dirs.sort(Comparator.comparing(dir -> dir.substring(dir.lastIndexOf('-') + 1)));
        TaskLeaf oldest = null;
        String bucket = "";
        for (String dir : dirs) {
            String its = dir.substring(dir.lastIndexOf('-') + 1);
            if (oldest != null && !its.equals(bucket)) {
                break;
            }
            for (String name : names(call, dir)) {
                TaskLeaf leaf = TaskLeaf.parse(dir, name);
                oldest = oldest == null || leaf.number() < oldest.number() ? leaf : oldest;
            }
            bucket = its;
        }
        if (oldest == null) {
            return List.of();
        }
        TaskId id = oldest.id();
        return call.await(requests.data(nodes.task(id), null)).stream()
                .map(found -> TaskNode.decode(nodes.task(id), id, found.bytes()))
                .toList();
    }

    /** Where the places of a state are. */
    private List<String> directories(Call call, TaskState state) throws KeeperException {
        List<String> first = below(nodes.of(state), names(call, nodes.of(state)));
        if (state != TaskState.READY && state != TaskState.SCHEDULED) {
            return first;
        }
        List<CompletableFuture<Listing>> asked =
                first.stream().map(dir -> requests.children(dir, null)).toList();
        List<String> all = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            all.addAll(below(first.get(i), Batches.namesIfThere(call, asked.get(i))));
        }
        return all;
    }

    private static List<String> below(String parent, List<String> names) {
        return names.stream().map(name -> parent + "/" + name).toList();
    }

    private List<String> names(Call call, String path) throws KeeperException {
        CompletableFuture<String> synced = requests.sync(nodes.root());
        List<String> names = Batches.namesIfThere(call, requests.children(path, null));
        call.await(synced);
        return names;
    }
}
