package dev.agentcoord.zk;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.zookeeper.KeeperException;
import org.jspecify.annotations.Nullable;

/**
 * Takes tickets of one session off the ensemble. Nobody waits for that, but it is tried again until it is done or the session has ended,
 * which does it too. Whatever a process asks after it has released something is asked after the release has arrived. Thread-safe.
 */
final class Removals {
    private static final Duration PAUSE = Duration.ofMillis(250);
    /** How long a release may wait for a request to go with: less than any answer takes. */
    private static final Duration LINGER = Duration.ofNanos(200_000);
    /** Sessions of this process that are cut off must not hold up another. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(2);
    /** What this process has sent and had no answer to yet, and who sent it. */
    private static final Set<Sent> SENT = ConcurrentHashMap.newKeySet();

    private final Requests requests;
    private final Worker worker;
    private final SessionRecord record;
    private final String locks;
    private final BooleanSupplier ended;
    private final AtomicReference<@Nullable Sent> due = new AtomicReference<>();

    Removals(Connection connection, SessionRecord record, String locks, BooleanSupplier ended) {
        this.requests = connection.own();
        this.worker = connection.worker();
        this.record = record;
        this.locks = locks;
        this.ended = ended;
    }

    /** One removal that is under way, or about to be; each is itself alone. */
    static final class Sent {
        private final Removals by;
        private final String path;
        private final CompletableFuture<Boolean> answered = new CompletableFuture<>();

        private Sent(Removals by, String path) {
            this.by = by;
            this.path = path;
        }

        String path() {
            return path;
        }
    }

    /** Removes the znode, sooner or later. */
    void remove(String path) {
        send(begin(path));
    }

    /**
     * Removes the znode with what the session asks next, in one write if that is another lock, or else after a moment. For what probably
     * nobody waits for.
     */
    void removeWithNext(String path) {
        Sent mine = begin(path);
        send(due.getAndSet(mine));
        worker.later(
                () -> {
                    if (due.compareAndSet(mine, null)) {
                        send(mine);
                    }
                },
                LINGER);
    }

    /** Sends what was to go with the next request; whoever sends any other does that first. */
    void flush() {
        send(due.getAndSet(null));
    }

    /** What is to go with the next request, for {@link #goesWith}; null where nothing is. */
    @Nullable Sent takeDue() {
        return due.getAndSet(null);
    }

    /** It is a part of that request; where that fails it is removed by itself. */
    void goesWith(Sent removal, CompletableFuture<?> request) {
        var unused = request.whenComplete((done, failure) -> {
            if (failure == null) {
                done(removal);
            } else {
                send(removal);
            }
        });
    }

    private Sent begin(String path) {
        Sent sent = new Sent(this, path);
        SENT.add(sent);
        return sent;
    }

    private static void done(Sent sent) {
        SENT.remove(sent);
        sent.answered.complete(true);
    }

    private void send(@Nullable Sent removal) {
        if (removal == null) {
            return;
        }
        var unused = requests.delete(removal.path).whenComplete((there, failure) -> {
            done(removal);
            if (failure != null && isWorthTrying(failure)) {
                worker.later(() -> remove(removal.path), PAUSE);
            }
        });
    }

    /** Removes what became of a request whose answer is late, or never came. */
    void remove(String mark, CompletableFuture<Requests.Made> made) {
        var unused = made.whenComplete((node, failure) -> {
            if (failure == null) {
                remove(node.path());
            } else if (Failures.isLostConnection(failure)) {
                removeMarked(mark);
            }
        });
    }

    /** Removes whatever bears the mark, once that can be seen. */
    void removeMarked(String mark) {
        var unused = record.fenced(requests, locks).whenComplete((listing, failure) -> {
            if (failure == null) {
                listing.names().stream()
                        .filter(name -> name.contains(mark))
                        .forEach(name -> remove(locks + "/" + name));
            } else if (isWorthTrying(failure)) {
                worker.later(() -> removeMarked(mark), PAUSE);
            }
        });
    }

    /** Waits for what other sessions of this process have removed; what this one has is ahead of whatever it sends. */
    static void awaitThoseOfOthers(Call call, Removals mine) throws KeeperException {
        await(call, sent -> sent.by != mine);
    }

    /** As {@link #awaitThoseOfOthers}, for who has no session. */
    static void awaitAll(Call call) throws KeeperException {
        await(call, sent -> true);
    }

    /** However many there are the patience is one. */
    private static void await(Call call, Predicate<Sent> which) throws KeeperException {
        List<Sent> sent = SENT.stream().filter(which).toList();
        sent.forEach(removal -> removal.by.flush());
        CompletableFuture<?>[] answers =
                sent.stream().map(removal -> removal.answered).toArray(CompletableFuture<?>[]::new);
        if (answers.length > 0) {
            call.await(CompletableFuture.allOf(answers).completeOnTimeout(null, PATIENCE, TimeUnit.NANOSECONDS));
        }
    }

    private boolean isWorthTrying(Throwable failure) {
        return !ended.getAsBoolean()
                && !(Failures.unwrapped(failure) instanceof KeeperException.SessionExpiredException);
    }
}
