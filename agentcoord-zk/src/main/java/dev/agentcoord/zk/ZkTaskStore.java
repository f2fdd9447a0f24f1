package dev.agentcoord.zk;

import dev.agentcoord.FencingToken;
import dev.agentcoord.NewTask;
import dev.agentcoord.QueueSettings;
import dev.agentcoord.QueueStatus;
import dev.agentcoord.SessionId;
import dev.agentcoord.StaleClaimException;
import dev.agentcoord.StoreUnavailableException;
import dev.agentcoord.Subscription;
import dev.agentcoord.TaskAttempt;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskPage;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.queue.Ending;
import dev.agentcoord.spi.Delivery;
import dev.agentcoord.spi.TaskStore;
import dev.agentcoord.zk.Requests.Found;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.zookeeper.KeeperException;
import org.jspecify.annotations.Nullable;

/**
 * A queue as one session uses it. Each transition is one request that does nothing where the task has made another meanwhile; which
 * session works on a task stands in its place among the claimed, and that session's record says whether it lives. Thread-safe.
 */
final class ZkTaskStore implements TaskStore {
    private final ZkStoreSession session;
    private final String name;
    private final Requests requests;
    private final QueueNodes nodes;
    private final QueueWaiters waiters;
    private final QueueWriter writer;
    private final QueueCare care;
    private final Claiming claiming;
    private final QueueListings listings;
    private final QueueRoom room;
    private final Enqueuing enqueuing;
    private final QueuePruner pruner;
    private final Map<TaskId, Found> claimed = new ConcurrentHashMap<>();
    private final ClaimPlaces places = new ClaimPlaces();
    private final UnheardClaims unheard;
    private volatile boolean isMade;

    ZkTaskStore(ZkStoreSession session, String name) {
        this.session = session;
        this.name = name;
        this.requests = session.connection().own();
        this.nodes = session.space().node().queue(name);
        this.waiters = new QueueWaiters(session, nodes.waiting());
        this.writer = new QueueWriter(session, name, nodes, waiters);
        this.care = new QueueCare(session, nodes, writer);
        this.unheard = new UnheardClaims(session, writer, places);
        this.claiming = new Claiming(session, name, nodes, writer, care);
        this.listings = new QueueListings(requests, nodes, session.clock());
        this.room = new QueueRoom(requests, nodes);
        this.enqueuing = new Enqueuing(session, name, nodes, listings, room);
        this.pruner = new QueuePruner(session, writer, listings);
    }

    @Override
    public List<TaskInfo> enqueue(List<NewTask> tasks) {
        return open("enqueue into '" + name + "'", call -> {
            Enqueuing.Batch batch = enqueuing.batch(tasks);
            List<TaskNode> made = writer.change(call, "queue '" + name + "'", batch::decide);
            batch.remember();
            long now = session.clock().now();
            return made.stream().map(task -> task.info(now)).toList();
        });
    }

    @Override
    public Optional<Delivery> claim() {
        return open(
                "claim a task of '" + name + "'",
                call -> unheard.claim(call, sent -> {
                    Claiming.Claimed done = claiming.claim(call, sent);
                    TaskNode task = done.task();
                    return task == null ? Optional.empty() : Optional.of(delivery(task, done));
                }));
    }

    private Delivery delivery(TaskNode task, Claiming.Claimed done) {
        Found before = done.before();
        places.begun(task.id, task.delivery, nodes.place(task.state, task.leaf(), task.route, task.claimer));
        session.tickets().adopt(done.locks());
        if (before != null) {
            claimed.put(task.id, QueueWriter.after(before, task.encode()));
        }
        FencingToken token = new FencingToken(session.space().node().incarnation(), task.position, task.delivery);
        return new Delivery(
                task.info(session.clock().now()),
                task.delivery,
                token,
                done.locks().stream().map(OwnTicket::ticket).toList());
    }

    @Override
    public void finish(Delivery delivery, Ending ending) {
        long number;
        try {
            number = end(delivery, ending);
        } catch (StaleClaimException e) {
            forget(delivery);
            throw e;
        }
        forget(delivery);
        if (ending.isEnd()) {
            pruner.soon(number);
        }
    }

    /** It is over, and with it what was held under it. */
    private void forget(Delivery delivery) {
        TaskId id = delivery.task().id();
        places.over(id, delivery.number());
        session.tickets().leave(Owner.task(name, id), delivery.number());
    }

    /** Which one it was, by its number in the queue. */
    private long end(Delivery delivery, Ending ending) {
        TaskId id = delivery.task().id();
        return open(
                "finish task " + id,
                call -> writer.change(call, "task " + id, (attempt, change, tries) -> {
                    Found known = claimed.remove(id);
                    if (known != null) {
                        change.draft().learn(nodes.task(id), Optional.of(known));
                    }
                    TaskNode task = change.task(id);
                    SessionId self = session.info().id();
                    if (task == null || !task.isClaimedBy(self) || task.delivery != delivery.number()) {
                        throw new StaleClaimException(
                                delivery.task(), "task " + id + " is no longer this claim's; nothing was changed");
                    }
                    change.finish(task, ending.outcome(), ending);
                    if (!change.admitted().isEmpty() || !change.ended().isEmpty()) {
                        claiming.forgetNext();
                    }
                    room.check(attempt, change.draft().made());
                    return task.number;
                }));
    }

    /** Where a claim of this session stands among the claimed; empty where it is over as far as is known here. */
    Optional<String> placeOf(TaskId id, int delivery) {
        return places.of(id, delivery);
    }

    /** Gives back what a session had claimed that has ended. */
    boolean giveBack(Call call, String claimer) throws KeeperException {
        return care.giveBack(call, claimer);
    }

    /** What removes what has ended, for tests with a time of their own. */
    QueuePruner pruner() {
        return pruner;
    }

    /** Changes one task. */
    boolean change(Call call, TaskId id, QueueWriter.Step<Boolean> step) throws KeeperException {
        return writer.change(call, "task " + id, step);
    }

    @Override
    public boolean cancel(TaskId id, String reason) {
        Recall recall = new Recall(session, Owner.task(name, id));
        while (true) {
            Optional<Boolean> cancelled = open(
                    "cancel task " + id,
                    call -> writer.change(call, "task " + id, (attempt, change, tries) -> {
                        TaskNode task = latest(attempt, change, id);
                        if (task == null
                                || task.isGone
                                || task.state == TaskState.DONE
                                || task.state == TaskState.CANCELLED) {
                            return Optional.of(false);
                        }
                        // Read before its tickets, so that one placed later makes the change fail.
                        change.draft()
                                .fetch(
                                        attempt,
                                        List.of(nodes.place(task.state, task.leaf(), task.route, task.claimer)));
                        if (task.state == TaskState.CLAIMED && recall.isNeeded(attempt, task)) {
                            return Optional.empty();
                        }
                        change.cancel(task, new Ending.Cancelled(reason));
                        return Optional.of(true);
                    }));
            if (cancelled.isPresent()) {
                return cancelled.get();
            }
            recall.run();
        }
    }

    @Override
    public boolean redrive(TaskId id) {
        return open(
                "redrive task " + id,
                call -> writer.change(call, "task " + id, (attempt, change, tries) -> {
                    TaskNode task = latest(attempt, change, id);
                    if (task == null || task.isGone || task.state != TaskState.DEAD) {
                        return false;
                    }
                    change.redrive(task);
                    return true;
                }));
    }

    private @Nullable TaskNode latest(Call call, QueueChange change, TaskId id) throws KeeperException {
        call.await(requests.sync(nodes.root()));
        return change.task(id);
    }

    @Override
    public Optional<TaskInfo> find(TaskId id) {
        return look("read task " + id, call -> listings.find(call, id));
    }

    @Override
    public List<TaskAttempt> history(TaskId id, int limit) {
        return look("read the history of task " + id, call -> listings.history(call, id, limit));
    }

    @Override
    public TaskPage list(TaskState state, String cursor, int limit) {
        return look("list queue '" + name + "'", call -> {
            var unused = claiming.tend(call);
            return listings.list(call, state, cursor, limit);
        });
    }

    @Override
    public QueueStatus status() {
        return look("look at queue '" + name + "'", call -> {
            var unused = claiming.tend(call);
            return listings.status(call, enqueuing.settings(call));
        });
    }

    @Override
    public QueueSettings settings() {
        return look("read the settings of queue '" + name + "'", enqueuing::settings);
    }

    @Override
    public void configure(QueueSettings settings) {
        open(
                "configure queue '" + name + "'",
                call -> writer.change(call, "queue '" + name + "'", (attempt, change, tries) -> {
                    change.draft().read(attempt, nodes.root());
                    change.draft().put(nodes.root(), Enqueuing.encode(settings));
                    return true;
                }));
        if (settings.mode() != QueueSettings.Mode.PAUSED) {
            waiters.wakeAll();
        }
    }

    @Override
    public Subscription onReady(Runnable hint) {
        open("wait for a task of '" + name + "'", call -> true);
        return waiters.add(hint);
    }

    private <T> T look(String doing, Caller.Step<T> step) {
        return open(doing, call -> Caller.repeatedly(call, step));
    }

    /** Where the session has ended that is said, whatever else failed. */
    private <T> T open(String doing, Caller.Step<T> step) {
        Supplier<T> called = () -> session.caller().once(doing, call -> {
            if (!isMade) {
                Caller.repeatedly(call, enqueuing::makeQueue);
                isMade = true;
            }
            return step.run(call);
        });
        session.requireOpen();
        try {
            return called.get();
        } catch (StoreUnavailableException e) {
            session.requireOpen();
            throw e;
        }
    }
}
