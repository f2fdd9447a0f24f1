package dev.agentcoord.zk;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.OutcomeUnknownException;
import dev.agentcoord.QueueSettings;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.zk.Requests.Found;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.zookeeper.KeeperException;
import org.jspecify.annotations.Nullable;

/**
 * Claims tasks of a queue for one session. Whoever claims in a row has seen the next task already and takes it in the round trip that
 * looks; should that look show that another was to come first, it is put back as if nothing had been, and the first is claimed. Where
 * sessions meet, each takes those of the first 8 that are its share. Thread-safe.
 */
final class Claiming {
    /** Rounds of care before a claim, should others leave work faster than it is done. */
    private static final int ROUNDS = 8;
    /** What was seen longer ago is not counted on. */
    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();
    /** So long after others were faster their shares are left to them. */
    private static final long CROWDED_NANOS = Duration.ofSeconds(2).toNanos();
    /** So many of the next tasks are read with each look: one to be taken, one should that be gone. */
    private static final int AHEAD = 2;

    private final ZkStoreSession session;
    private final String name;
    private final Requests requests;
    private final QueueNodes nodes;
    private final QueueWriter writer;
    private final QueueCare care;
    private final AtomicReference<@Nullable Next> next = new AtomicReference<>();
    private volatile Set<String> likely = Set.of();
    private volatile List<String> likelyRead;
    private volatile long crowded = System.nanoTime() - CROWDED_NANOS;

    Claiming(ZkStoreSession session, String name, QueueNodes nodes, QueueWriter writer, QueueCare care) {
        this.session = session;
        this.name = name;
        this.requests = session.connection().own().awaited();
        this.nodes = nodes;
        this.writer = writer;
        this.care = care;
        this.likelyRead = List.of(nodes.root());
    }

    /** What a claim found, or nothing. */
    record Claimed(@Nullable TaskNode task, @Nullable Found before, List<OwnTicket> locks) {
        private static final Claimed NOTHING = new Claimed(null, null, List.of());
    }

    /** A task that is probably the next to be claimed, and the settings, as both were seen. */
    private record Next(TaskLeaf leaf, Found task, Found settings, long seen) {}

    /** A task that could not be claimed as it was seen. */
    private record Tried(TaskLeaf leaf, Found task) {}

    /** Notes each claim before it is sent. */
    Claimed claim(Call call, Collection<UnheardClaims.Sent> sent) throws KeeperException {
        Next foretold = next.getAndSet(null);
        if (foretold == null || System.nanoTime() - foretold.seen > FRESH_NANOS) {
            return look(call, sent, null);
        }
        Glance glance = glance(call);
        Optional<Claimed> taken = take(call, sent, foretold);
        if (taken.isEmpty()) {
            return look(call, sent, new Tried(foretold.leaf, foretold.task));
        }
        return isInOrder(call, glance, foretold) || !putBack(call, taken.get()) ? taken.get() : look(call, sent, null);
    }

    /** What this session has done may have changed what comes next. */
    void forgetNext() {
        next.set(null);
    }

    /** What was seen when there was nothing left to be done; empty where there always was. */
    Optional<Glance> tend(Call call) throws KeeperException {
        for (int i = 0; i < ROUNDS; i++) {
            Glance glance = glance(call);
            if (!care.tend(call, glance)) {
                return Optional.of(glance);
            }
        }
        return Optional.empty();
    }

    private Glance glance(Call call) {
        return new Glance(call, requests, nodes.root(), likely, likelyRead);
    }

    /** Empty where it is no longer as it was seen, or the queue is not. */
    private Optional<Claimed> take(Call call, Collection<UnheardClaims.Sent> sent, Next foretold)
            throws KeeperException {
        return writer.change(call, subject(), (attempt, change, tries) -> {
            if (tries > 1) {
                return Optional.empty();
            }
            change.draft().learn(nodes.task(foretold.leaf.id()), Optional.of(foretold.task));
            TaskNode task = change.task(foretold.leaf.id());
            if (task == null || !isFree(task) || task.hasLocks) {
                return Optional.empty();
            }
            Claimed claimed = claim(attempt, change, task, foretold.settings);
            sent.add(new UnheardClaims.Sent(task.id, task.delivery));
            return Optional.of(claimed);
        });
    }

    /** As seen at once before it was taken. Should that not be answered it stays taken: better out of turn than nobody's. */
    private boolean isInOrder(Call call, Glance glance, Next taken) {
        try {
            boolean hadWork = care.tend(call, glance);
            List<TaskLeaf> head = head(glance);
            remember(glance, head, taken.leaf);
            if (isCrowded()) {
                return head.size() < QueueHead.FIRST || taken.leaf.compareTo(head.get(QueueHead.FIRST - 1)) <= 0;
            }
            return !hadWork && (head.isEmpty() || taken.leaf.compareTo(head.get(0)) <= 0);
        } catch (KeeperException | CoordinationException e) {
            return true;
        }
    }

    /** False where it was not done: then it is still to be worked on. Fails where it may have been: then somebody else may have it. */
    private boolean putBack(Call call, Claimed claimed) {
        TaskNode taken = claimed.task;
        Found before = claimed.before;
        if (taken == null || before == null) {
            return false;
        }
        forgetNext();
        try {
            return writer.change(call, "task " + taken.id, (attempt, change, tries) -> {
                if (tries == 1) {
                    change.draft().learn(nodes.task(taken.id), Optional.of(QueueWriter.after(before, taken.encode())));
                }
                TaskNode task = change.task(taken.id);
                if (task != null && task.isClaimedBy(session.info().id()) && task.delivery == taken.delivery) {
                    change.unclaim(task);
                }
                return true;
            });
        } catch (OutcomeUnknownException e) {
            throw e;
        } catch (KeeperException | CoordinationException e) {
            return false;
        }
    }

    private Claimed look(Call call, Collection<UnheardClaims.Sent> sent, @Nullable Tried inVain)
            throws KeeperException {
        AtomicReference<Optional<Glance>> seen = new AtomicReference<>(Caller.repeatedly(call, this::tend));
        AtomicReference<@Nullable Tried> tried = new AtomicReference<>(inVain);
        return writer.change(call, subject(), (attempt, change, tries) -> {
            Optional<Glance> fresh = seen.getAndSet(Optional.empty());
            Glance glance = fresh.orElseGet(() -> glance(attempt));
            Tried before = tried.getAndSet(null);
            boolean collided = before != null && isAnother(glance, before);
            if (collided) {
                crowded = System.nanoTime();
            }
            Claimed claimed = decide(attempt, change, glance, collided && tries > 1);
            if (claimed.task != null && claimed.before != null) {
                tried.set(new Tried(claimed.task.leaf(), claimed.before));
                sent.add(new UnheardClaims.Sent(claimed.task.id, claimed.task.delivery));
            }
            return claimed;
        });
    }

    /** Whether somebody was faster at it; else what stood in the way was something else. */
    private boolean isAnother(Glance glance, Tried tried) throws KeeperException {
        return glance.data(nodes.task(tried.leaf.id()))
                .map(found -> found.stat().getVersion() != tried.task.stat().getVersion())
                .orElse(true);
    }

    private Claimed decide(Call call, QueueChange change, Glance glance, boolean elsewhere) throws KeeperException {
        Found settings = glance.data(nodes.root()).orElseThrow(() -> new KeeperException.NoNodeException(nodes.root()));
        if (Enqueuing.settings(nodes.root(), settings.bytes()).mode() == QueueSettings.Mode.PAUSED) {
            return Claimed.NOTHING;
        }
        List<TaskLeaf> head = head(glance);
        for (TaskLeaf leaf : elsewhere ? turned(head) : shared(glance, head)) {
            change.draft().learn(nodes.task(leaf.id()), glance.data(nodes.task(leaf.id())));
            TaskNode task = change.task(leaf.id());
            if (task != null && isFree(task)) {
                remember(glance, head, leaf);
                return claim(call, change, task, settings);
            }
        }
        remember(glance, head, null);
        return Claimed.NOTHING;
    }

    private boolean isFree(TaskNode task) {
        return task.state == TaskState.READY && task.route.admits(session.info().participant());
    }

    private Claimed claim(Call call, QueueChange change, TaskNode task, Found settings) throws KeeperException {
        change.draft().require(nodes.root(), settings.stat().getVersion());
        change.draft().require(session.record().path(), Requests.ANY_VERSION);
        change.claim(task, session.info().id(), session.info().agent());
        return new Claimed(task, change.draft().was(nodes.task(task.id)), inherited(call, task));
    }

    /** What a task has that nobody has claimed: what it waited for went when it was left. */
    private List<OwnTicket> inherited(Call call, TaskNode task) throws KeeperException {
        if (!task.hasLocks) {
            return List.of();
        }
        List<OwnTicket> inherited = session.tickets().inherited(call, Owner.task(name, task.id), task.delivery);
        session.tickets().forgetRecalls(inherited);
        return inherited;
    }

    private List<TaskLeaf> head(Glance glance) throws KeeperException {
        return QueueHead.of(glance, nodes, requests, session.info().participant());
    }

    /** Foretells the next claim and what it needs to see. */
    private void remember(Glance glance, List<TaskLeaf> head, @Nullable TaskLeaf taken) throws KeeperException {
        List<TaskLeaf> rest = shared(glance, head).stream()
                .filter(leaf -> !leaf.equals(taken))
                .toList();
        Optional<Found> task = rest.isEmpty()
                ? Optional.empty()
                : glance.dataIfAsked(nodes.task(rest.get(0).id()));
        Optional<Found> settings = glance.dataIfAsked(nodes.root());
        boolean isKnown = taken != null && task.isPresent() && settings.isPresent();
        next.set(isKnown ? new Next(rest.get(0), task.get(), settings.get(), System.nanoTime()) : null);
        likely = Set.copyOf(glance.listed());
        likelyRead = Stream.concat(
                        Stream.of(nodes.root()),
                        rest.stream().skip(isKnown ? 1 : 0).limit(AHEAD).map(leaf -> nodes.task(leaf.id())))
                .toList();
    }

    /** Where others were faster any of the first, so that they do not meet again. */
    private static List<TaskLeaf> turned(List<TaskLeaf> head) {
        if (head.size() < 2) {
            return head;
        }
        int start = ThreadLocalRandom.current().nextInt(head.size());
        List<TaskLeaf> turned = new ArrayList<>(head.subList(start, head.size()));
        turned.addAll(head.subList(0, start));
        return turned;
    }

    private boolean isCrowded() {
        return System.nanoTime() - crowded < CROWDED_NANOS;
    }

    /** In a crowd each begins with those whose number is its own among the sessions that have claims. */
    private List<TaskLeaf> shared(Glance glance, List<TaskLeaf> head) throws KeeperException {
        if (!isCrowded()) {
            return head;
        }
        List<String> claimers = glance.names(nodes.of(TaskState.CLAIMED));
        int self = claimers.indexOf(session.info().id().text());
        if (self < 0) {
            return head;
        }
        Predicate<TaskLeaf> isMine = leaf -> leaf.number() % claimers.size() == self;
        return Stream.concat(head.stream().filter(isMine), head.stream().filter(isMine.negate()))
                .toList();
    }

    private String subject() {
        return "queue '" + name + "'";
    }
}
