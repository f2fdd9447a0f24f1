package dev.agentcoord.testkit;

import static org.awaitility.Awaitility.await;

import dev.agentcoord.Claim;
import dev.agentcoord.CoordinationException;
import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.Item;
import dev.agentcoord.LockInfo;
import dev.agentcoord.LockRequest;
import dev.agentcoord.LossCause;
import dev.agentcoord.NewTask;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.SessionId;
import dev.agentcoord.SessionStatus;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.TicketId;
import dev.agentcoord.Wait;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.spi.Backend;
import dev.agentcoord.spi.StoreEvents;
import dev.agentcoord.spi.StoreSession;
import dev.agentcoord.spi.TicketDraft;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.core.ThrowingRunnable;
import org.awaitility.pollinterval.PollInterval;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/**
 * The ground of all contract tests: participants of one space, each with a backend object of its own as if it were a process of its own,
 * on clocks that the test moves.
 */
public abstract class Contract {
    /** What comes at once is seen at once, and whoever waits in vain leaves the processor to others. */
    private static final PollInterval LATER_AND_LATER = (polls, last) -> Duration.ofMillis(Math.min(polls, 20));

    /** Moves the engine's clocks; the backend keeps its own. */
    final FakeTime time = new FakeTime();

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final AtomicLong requests = new AtomicLong();
    private @Nullable Coordinator observer;

    /** Only the contracts of this package extend it. */
    Contract() {}

    /** What is tested; the same object throughout one test. */
    protected abstract BackendUnderTest subject();

    private Backend open() {
        return subject().open();
    }

    private Duration patience() {
        return subject().patience();
    }

    final void kill(Session session) {
        subject().kill(session);
    }

    /** Whether a latch opens soon. */
    final boolean opensSoon(CountDownLatch latch) throws InterruptedException {
        return latch.await(patience().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Closes what the test opened; a test that is about closing does so itself, so errors here are no news. */
    @AfterEach
    final void closeAll() throws Exception {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (CoordinationException e) {
                // Sessions that the test killed may say so.
            }
        }
    }

    /** One more process using the space. */
    final Coordinator process() {
        Coordinator coordinator = subject().coordinator(open(), time);
        opened.push(coordinator);
        return coordinator;
    }

    /** A session of a process of its own. */
    final Session join(String agent) {
        return process().join(Participant.named(agent));
    }

    /** A session of somebody who says more of himself. */
    final Session join(Participant participant) {
        return process().join(participant);
    }

    /** A session below the engine of somebody who says more of himself. */
    final StoreSession joinStore(Participant participant) {
        Backend backend = open();
        opened.push(backend);
        return backend.join(participant, new NoEvents());
    }

    /** The next task, which must be ready. */
    static Claim claim(TaskQueue queue) {
        return queue.tryClaim().orElseThrow(() -> new AssertionError("no task is ready in " + queue));
    }

    /** As {@link #claim(TaskQueue)}, of the queue {@code work}. */
    static Claim claim(Session session) {
        return session.queue("work")
                .tryClaim()
                .orElseThrow(() -> new AssertionError("no task is ready for " + session.info()));
    }

    /** Puts a task into the queue {@code work}, its id after its payload, and claims the next of that queue. */
    static Claim claimNew(Session session, NewTask task) {
        session.queue("work").enqueue(task.id(new TaskId("t-" + new String(task.payload(), StandardCharsets.UTF_8))));
        return claim(session);
    }

    /** As {@link #claimNew}, with the lock {@code a} for it. */
    final Claim claimWithLock(Session session, NewTask task) {
        Claim claim = claimNew(session, task);
        hold(session, LockRequest.exclusive(Item.file("a")).under(claim));
        return claim;
    }

    /** A session below the engine, to see what a backend says and when. */
    final StoreSession joinStore(String agent) {
        Backend backend = open();
        opened.push(backend);
        return backend.join(Participant.named(agent), new NoEvents());
    }

    /** A grant that must be had at once. */
    final Grant hold(Session session, LockRequest request) {
        Optional<Grant> grant = session.locks().tryAcquire(request);
        while (grant.isEmpty() && session.status() == SessionStatus.SUSPENDED) {
            // On a machine too busy for heartbeats: nobody is in the way, it only cannot be sure of itself.
            await().atMost(Duration.ofMinutes(1)).until(() -> session.status() != SessionStatus.SUSPENDED);
            grant = session.locks().tryAcquire(request);
        }
        return grant.orElseThrow(() -> new AssertionError("not granted at once: " + request + ", the session is "
                + session.status() + "; in the way: " + session.locks().explain(request)));
    }

    /** As {@link #hold}, by the way that waits. */
    static Grant held(Session session, LockRequest request) {
        try {
            return session.locks().acquire(request, Wait.none());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs a step in a thread of its own. */
    final <T> CompletableFuture<T> inBackground(Callable<T> step) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(step.call());
            } catch (Exception | AssertionError e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    /** Places a ticket below the engine. */
    final Ticket place(StoreSession session, LockRequest request) {
        return place(session, request, () -> {});
    }

    /** Places a ticket below the engine, waiting if need be, with a hint for when that may have changed. */
    final Ticket place(StoreSession session, LockRequest request, Runnable hint) {
        return session.tickets()
                .place(new TicketDraft(request, requests.incrementAndGet(), hint), true)
                .ticket();
    }

    /**
     * Asks for a lock and returns when the request is visibly queued or granted. Its asker may not have heard yet: where a wrong grant
     * would be mistaken for a wait that ended as it should, {@link #staysUndone} first.
     */
    final CompletableFuture<Grant> ask(Session session, LockRequest request) {
        return ask(session, request, Wait.forever());
    }

    /** Leaves a request waiting for ever. */
    final void queueUp(Session session, LockRequest request) {
        var unused = ask(session, request);
    }

    /** As {@link #ask(Session, LockRequest)}, with a limit. */
    final CompletableFuture<Grant> ask(Session session, LockRequest request, Wait wait) {
        int before = ticketsOf(session).size();
        CompletableFuture<Grant> grant = session.locks().acquireAsync(request, wait);
        eventually(() -> {
            if (!grant.isDone() && ticketsOf(session).size() <= before) {
                throw new AssertionError("not queued: " + request);
            }
        });
        return grant;
    }

    /** The live tickets of a session, as everybody sees them. */
    final List<LockInfo> ticketsOf(Session session) {
        SessionId id = session.info().id();
        return locks().stream().filter(info -> info.owner().id().equals(id)).toList();
    }

    /** All live tickets, as somebody who takes no part sees them. */
    final List<LockInfo> locks() {
        return observer().locks();
    }

    /** Somebody who takes no part. */
    final Coordinator observer() {
        Coordinator current = observer == null ? process() : observer;
        observer = current;
        return current;
    }

    /** What a future holds, which must come soon; its exception as it was thrown. */
    final <T> T soon(CompletableFuture<T> future) throws InterruptedException {
        try {
            return future.get(patience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("nothing came within " + patience(), e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof AssertionError failure) {
                throw failure;
            }
            throw new AssertionError(e.getCause());
        }
    }

    /** Repeats an assertion until it holds, which must be soon. */
    final void eventually(ThrowingRunnable assertion) {
        await().atMost(patience())
                .pollInterval(LATER_AND_LATER)
                .pollInSameThread()
                .untilAsserted(assertion);
    }

    /** Fails if a future is completed within the next three tenths of a second, in which a waiting request looks again several times. */
    final void staysUndone(CompletableFuture<?> future) {
        await().during(Duration.ofMillis(300))
                .atMost(Duration.ofMinutes(1))
                .failFast("completed", future::isDone)
                .until(() -> !future.isDone());
    }

    private static final class NoEvents implements StoreEvents {
        @Override
        public void status(SessionStatus status) {}

        @Override
        public void lost(TicketId ticket, LossCause cause) {}
    }

    /** UTF-8. */
    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
