package dev.agentcoord.zk;

import dev.agentcoord.NewTask;
import dev.agentcoord.QueueFullException;
import dev.agentcoord.QueueSettings;
import dev.agentcoord.SessionId;
import dev.agentcoord.TaskId;
import dev.agentcoord.core.queue.QueueBounds;
import dev.agentcoord.core.record.Json;
import dev.agentcoord.core.record.SettingsCodec;
import dev.agentcoord.zk.Requests.Found;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.BadVersionException;
import org.apache.zookeeper.KeeperException.NodeExistsException;
import org.apache.zookeeper.Op;
import org.jspecify.annotations.Nullable;

/**
 * Adds tasks to a queue. Each batch writes the number of tasks there ever were, so enqueueing is one after the other: that gives the order
 * of delivery, and a bound that holds. Thread-safe.
 */
final class Enqueuing {
    private static final byte[] NONE = {};

    private final ZkStoreSession session;
    private final String name;
    private final QueueNodes nodes;
    private final QueueListings listings;
    private final QueueRoom room;
    private final Requests requests;
    /** At least how many this session has added: those of a batch that was not done, or tried twice, count too. */
    private final AtomicLong own = new AtomicLong();

    private volatile @Nullable Found lastTail;
    private volatile @Nullable Found lastSettings;

    Enqueuing(ZkStoreSession session, String name, QueueNodes nodes, QueueListings listings, QueueRoom room) {
        this.session = session;
        this.name = name;
        this.nodes = nodes;
        this.listings = listings;
        this.room = room;
        this.requests = session.connection().own();
    }

    /** Makes the znodes of the queue unless they are there. */
    boolean makeQueue(Call call) throws KeeperException {
        session.clock().learn(call.await(session.record().fence(requests)).getMtime());
        if (call.await(requests.stat(nodes.tail())).isPresent()) {
            return false;
        }
        List<Op> all = new ArrayList<>();
        all.add(Op.create(nodes.root(), encode(QueueSettings.defaults()), session.acl(), CreateMode.PERSISTENT));
        nodes.fixed().forEach(path -> all.add(Op.create(path, NONE, session.acl(), CreateMode.PERSISTENT)));
        all.add(Op.create(nodes.tail(), text(0), session.acl(), CreateMode.PERSISTENT));
        try {
            call.await(requests.multi(all));
            return true;
        } catch (NodeExistsException e) {
            return false; // Another made it at the same time, or this one did and did not hear of it.
        }
    }

    QueueSettings settings(Call call) throws KeeperException {
        var synced = requests.sync(nodes.root());
        var asked = requests.data(nodes.root(), null);
        call.await(synced);
        return call.await(asked)
                .map(found -> settings(nodes.root(), found.bytes()))
                .orElseThrow(() -> new KeeperException.NoNodeException(nodes.root()));
    }

    static byte[] encode(QueueSettings settings) {
        return Json.write(SettingsCodec.fields(settings));
    }

    static QueueSettings settings(String path, byte[] data) {
        return SettingsCodec.read(Json.read(path, data));
    }

    /** Tasks to be added, each with its id, which stays however often it is tried. */
    Batch batch(List<NewTask> tasks) {
        return new Batch(
                tasks,
                tasks.stream()
                        .map(task -> task.id()
                                .orElseGet(() -> new TaskId(SessionId.random().text())))
                        .toList());
    }

    /** One batch under way. */
    final class Batch {
        private final List<NewTask> tasks;
        private final List<TaskId> ids;
        private @Nullable Found settingsBefore;
        private @Nullable Found tailBefore;
        private long totalAfter;

        Batch(List<NewTask> tasks, List<TaskId> ids) {
            this.tasks = tasks;
            this.ids = ids;
        }

        /**
         * First from what was last seen, which the request checks; then from what is read. Where it is refused no request is sent that would
         * check anything, so that is only ever decided from what is read.
         */
        List<TaskNode> decide(Call call, QueueChange change, int tries) throws KeeperException {
            try {
                return add(call, change, tries);
            } catch (QueueFullException e) {
                if (tries > 1) {
                    throw e;
                }
                forget();
                call.await(requests.sync(nodes.root()));
                throw new BadVersionException(nodes.root());
            }
        }

        private List<TaskNode> add(Call call, QueueChange change, int tries) throws KeeperException {
            settingsBefore = null;
            tailBefore = null;
            Draft draft = change.draft();
            if (tries == 1) {
                recall(draft, nodes.tail(), lastTail);
                recall(draft, nodes.root(), lastSettings);
            }
            draft.fetch(call, facts());
            QueueSettings settings = settings(nodes.root(), required(call, draft, nodes.root()));
            long total = Long.parseLong(new String(required(call, draft, nodes.tail()), StandardCharsets.US_ASCII));
            List<TaskNode> made = new ArrayList<>();
            int added = 0;
            for (int i = 0; i < tasks.size(); i++) {
                NewTask what = tasks.get(i);
                TaskNode task = change.same(what.id().orElse(null), what);
                if (task == null) {
                    TaskNode.checkSize(what);
                    QueueBounds.checkOpen(name, settings);
                    added++;
                    task = change.add(
                            what, ids.get(i), total + added, session.info().id());
                }
                made.add(task);
            }
            if (added > 0) {
                checkBounds(call, settings, total, added);
                room.check(call, draft.made());
                Found was = draft.was(nodes.root());
                Found tail = draft.was(nodes.tail());
                draft.require(nodes.root(), was == null ? 0 : was.stat().getVersion());
                draft.put(nodes.tail(), text(total + added));
                settingsBefore = was;
                tailBefore = tail;
                totalAfter = total + added;
                own.addAndGet(added);
            }
            return made;
        }

        /** It was done as it was last decided: only now is it certain what the queue's znodes say. */
        void remember() {
            Found settings = settingsBefore;
            Found tail = tailBefore;
            if (settings != null && tail != null) {
                lastSettings = settings;
                lastTail = QueueWriter.after(tail, text(totalAfter));
            }
        }

        private Set<String> facts() {
            Set<String> paths = new LinkedHashSet<>(List.of(nodes.root(), nodes.tail()));
            for (NewTask what : tasks) {
                what.id().ifPresent(id -> paths.add(nodes.task(id)));
                what.dedupKey().ifPresent(key -> paths.add(nodes.dedup(key)));
                what.orderingKey().ifPresent(key -> paths.add(nodes.holder(key)));
                what.dependsOn().forEach(id -> paths.add(nodes.task(id)));
            }
            return paths;
        }
    }

    private void forget() {
        lastSettings = null;
        lastTail = null;
    }

    private static void recall(Draft draft, String path, @Nullable Found last) {
        if (last != null) {
            draft.learn(path, Optional.of(last));
        }
    }

    private static byte[] required(Call call, Draft draft, String path) throws KeeperException {
        return draft.read(call, path).orElseThrow(() -> new KeeperException.NoNodeException(path));
    }

    /** Counts only where there ever were more tasks than may be pending. */
    private void checkBounds(Call call, QueueSettings settings, long total, int added) throws KeeperException {
        long pending = total;
        long mine = own.get();
        if (total + added > settings.maxDepth()) {
            pending = listings.pending(call);
        }
        if (mine + added > settings.maxPerSession()) {
            mine = listings.pendingBy(call, TaskLeaf.by(session.info().id()));
        }
        QueueBounds.check(name, settings, pending, Math.min(mine, pending), added);
    }

    private static byte[] text(long number) {
        return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    }
}
