package dev.agentcoord.engine;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.GrantLostException;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Locks;
import dev.agentcoord.LossCause;
import dev.agentcoord.NotHeldException;
import dev.agentcoord.OutcomeUnknownException;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.SessionClosedException;
import dev.agentcoord.SessionInfo;
import dev.agentcoord.SessionLostException;
import dev.agentcoord.SessionStatus;
import dev.agentcoord.SharedState;
import dev.agentcoord.StaleClaimException;
import dev.agentcoord.StoreUnavailableException;
import dev.agentcoord.Subscription;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.core.Canonical;
import dev.agentcoord.core.RunAll;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.Verdict;
import dev.agentcoord.core.queue.Ending;
import dev.agentcoord.spi.Backend;
import dev.agentcoord.spi.Delivery;
import dev.agentcoord.spi.StoreSession;
import dev.agentcoord.spi.TaskStore;
import dev.agentcoord.spi.TicketStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A session over a backend's: adds holdings, events in order, and the rule that an ended session answers nothing. Thread-safe. */
final class EngineSession implements Session {
    private static final long RETRY = Duration.ofSeconds(1).toNanos();

    private final Workers workers;
    private final Dispatcher dispatcher;
    private final ReleaseRequests requests;
    private final Life life;
    private final StoreSession store;
    private final Holdings holdings;
    private final OwnRequests ownRequests;
    private final Locks locks;
    private final SharedState state;
    private final TimeSource time;
    private final Map<String, TaskQueue> queues = new ConcurrentHashMap<>();
    private final Map<Owner, EngineClaim> claims = new ConcurrentHashMap<>();
    private final Backend backend;
    private final Consumer<EngineSession> closed;

    /** Joins; the listener is told when it was closed. */
    EngineSession(
            Backend backend,
            Participant participant,
            TimeSource time,
            Workers workers,
            Consumer<EngineSession> closed) {
        this.backend = backend;
        this.closed = closed;
        this.workers = workers;
        this.time = time;
        this.dispatcher = new Dispatcher(workers);
        this.requests = new ReleaseRequests(time, dispatcher);
        this.life = new Life(dispatcher, requests);
        this.store = backend.join(participant, life);
        this.holdings = new Holdings(store.tickets(), life);
        this.ownRequests = new OwnRequests(store.tickets(), store.info().id());
        this.locks = new EngineLocks(this, new LockListing(backend), store.tickets());
        this.state = new EngineState(this, store.state());
        life.onChange(() -> workers.run(holdings::findLosses));
    }

    @Override
    public SessionInfo info() {
        return store.info();
    }

    @Override
    public SessionStatus status() {
        findLosses();
        awaitDelivered();
        return life.status();
    }

    @Override
    public Duration safeFor() {
        findLosses();
        awaitDelivered();
        return life.hasEnded() ? Duration.ZERO : store.safeFor();
    }

    @Override
    public Locks locks() {
        return locks;
    }

    @Override
    public TaskQueue queue(String name) {
        return queues.computeIfAbsent(
                Canonical.agentName(name), n -> new EngineQueue(this, n, call(() -> store.tasks(n))));
    }

    @Override
    public SharedState state() {
        return state;
    }

    @Override
    public Subscription onStatus(Consumer<SessionStatus> listener) {
        return life.onStatus(listener);
    }

    @Override
    public void close() {
        life.status(SessionStatus.CLOSED);
        findLossesIfPossible();
        holdings.releaseAll();
        try {
            store.close();
        } finally {
            closed.accept(this);
        }
    }

    /** Runs one call to the store: refused when the session has ended, and answered after what the session slept through was told. */
    <T> T call(Supplier<T> storeCall) {
        ensureOpen();
        T answer = storeCall.get();
        settle();
        return answer;
    }

    /**
     * Runs one call that changes the store: what was done is answered so, though the session has ended meanwhile or cannot learn its
     * losses, which the next call says. Else nobody could tell it from what was never done.
     */
    <T> T change(Supplier<T> storeCall) {
        ensureOpen();
        T done = storeCall.get();
        findLossesIfPossible();
        awaitDelivered();
        return done;
    }

    /** To be called before any other call returns normally: tells of losses first, and throws if the session has ended meanwhile. */
    void settle() {
        findLosses();
        ensureOpen();
        awaitDelivered();
    }

    void ensureOpen() {
        life.ensureOpen(info().id());
    }

    /** Whether what it holds is guaranteed at this moment. */
    boolean isSafe() {
        return !life.hasEnded() && store.safeFor().compareTo(Duration.ZERO) > 0;
    }

    void findLosses() {
        holdings.findLosses();
    }

    /** Before something is given up: that has to be tried even when nobody can say whether it is still held. */
    void findLossesIfPossible() {
        try {
            findLosses();
        } catch (StoreUnavailableException | CorruptRecordException e) {
            // What is done next meets the same store, and says so.
            return;
        }
    }

    void awaitDelivered() {
        dispatcher.awaitDelivered();
    }

    void dispatch(Runnable event) {
        dispatcher.dispatch(event);
    }

    TimeSource time() {
        return time;
    }

    Workers workers() {
        return workers;
    }

    Life life() {
        return life;
    }

    ReleaseRequests requests() {
        return requests;
    }

    Holdings holdings() {
        return holdings;
    }

    OwnRequests ownRequests() {
        return ownRequests;
    }

    TicketStore tickets() {
        return store.tickets();
    }

    /** A claim has begun: what came along with its task is held from now on, and nothing under an earlier one. */
    void begin(EngineClaim claim) {
        claims.put(claim.owner(), claim);
        claim.inherited().forEach(ticket -> {
            HeldGrant grant = new HeldGrant(this, ticket.wants().under(claim));
            holdings.add(grant, ticket, ticket.token(claim.token().incarnation()));
        });
    }

    void forget(EngineClaim claim) {
        claims.remove(claim.owner(), claim);
    }

    /** Refuses a request under a claim that is not one of this session, or is over. */
    void requireCurrent(LockRequest request) {
        request.claim().ifPresent(claim -> {
            EngineClaim current = claims.get(Owner.of(request, info().id()));
            if (current == null || !current.token().equals(claim.token())) {
                throw new StaleClaimException(
                        claim.task(),
                        "nothing was asked for: task " + claim.task().id()
                                + " is not, or no longer, claimed by this session; claim it first");
            }
        });
    }

    /** Whether an owner is this session, or a task that it claims. */
    boolean isOwn(Owner owner) {
        return owner.is(info().id())
                || (claims.containsKey(owner)
                        && backend.claimerOf(owner).filter(info().id()::equals).isPresent());
    }

    /** Throws {@link GrantLostException} unless the store itself says that the ticket is granted. */
    void verify(Ticket ticket) {
        Verdict verdict = call(() -> store.tickets().decide(ticket));
        if (!(verdict instanceof Verdict.Granted)) {
            throw new GrantLostException(
                    ticket.wants(), "lost " + ticket.wants() + "; the store says " + verdict + "; stop writing");
        }
    }

    /** Takes a grant off its tickets, and those that nothing rests on any more off the store; it learns when one was not there. */
    void release(HeldGrant grant) {
        List<Ticket> unused = holdings.drop(grant);
        findLossesIfPossible();
        RunAll.of(unused.stream()
                .<Runnable>map(ticket -> () -> giveUp(ticket, grant))
                .toList());
    }

    private void giveUp(Ticket ticket, HeldGrant grant) {
        if (!removeOrRetry(ticket)) {
            grant.markLost(lossOf(ticket, grant.request()), false);
        }
    }

    /** Takes a ticket that nobody will assert off the store, however long that takes. */
    void withdraw(Ticket ticket) {
        untilDone(() -> remove(ticket));
    }

    /** Gives back a task that nobody here will work on, however long that takes. */
    void giveBack(TaskStore queue, Delivery claimed) {
        untilDone(() -> queue.finish(claimed, Ending.Again.unheard()));
    }

    private void untilDone(Runnable change) {
        try {
            change.run();
        } catch (SessionLostException | SessionClosedException | StaleClaimException e) {
            // It went with the session, or with the claim.
            return;
        } catch (CoordinationException e) {
            workers.runAfter(RETRY, () -> untilDone(change));
        }
    }

    private boolean removeOrRetry(Ticket ticket) {
        try {
            return remove(ticket);
        } catch (SessionLostException e) {
            return false;
        } catch (StoreUnavailableException | OutcomeUnknownException | CorruptRecordException e) {
            workers.runAfter(RETRY, () -> withdraw(ticket));
            throw e;
        }
    }

    private boolean remove(Ticket ticket) {
        boolean removed = store.tickets().remove(ticket);
        ownRequests.end(ticket);
        return removed;
    }

    private Loss lossOf(Ticket ticket, LockRequest request) {
        Loss loss = Loss.of(store.tickets(), ticket);
        if (loss == null && life.isLost()) {
            return new Loss(LossCause.SESSION_LOST, null);
        }
        if (loss == null) {
            throw new NotHeldException(request, "nothing was released: the store does not know ticket " + ticket.id());
        }
        return loss;
    }
}
