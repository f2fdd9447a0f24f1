package dev.agentcoord.engine;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.Grant;
import dev.agentcoord.GrantLostException;
import dev.agentcoord.LockInfo;
import dev.agentcoord.LockRequest;
import dev.agentcoord.LossCause;
import dev.agentcoord.StaleClaimException;
import dev.agentcoord.StoreUnavailableException;
import dev.agentcoord.Wait;
import dev.agentcoord.WaitTimeoutException;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.SelfConflict;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.Verdict;
import dev.agentcoord.spi.Placement;
import dev.agentcoord.spi.TicketDraft;
import dev.agentcoord.spi.TicketStore;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One lock request on its way to a grant. Whoever drives it calls {@link #start}, then {@link #step} whenever the
 * verdict may have changed, then always {@link #end}, which leaves nothing queued unless it was granted. Not thread-safe.
 */
final class PendingLock {
    private final EngineSession session;
    private final TicketStore store;
    private final LockListing listing;
    private final DeadlockCheck deadlocks;
    private final Ask ask;
    private final Deadline deadline;
    private final Backoff backoff;
    private final HeldGrant grant;
    private @Nullable Ticket ticket;
    private List<Ticket> blockers = List.of();
    private boolean granted;

    /** What is asked, how long, and the number of the request in its session. */
    record Ask(LockRequest request, Wait patience, long number) {}

    PendingLock(EngineSession session, TicketStore store, LockListing listing, Ask ask) {
        this.session = session;
        this.store = store;
        this.listing = listing;
        this.ask = ask;
        this.deadline = Deadline.start(session.time(), ask.patience());
        this.deadlocks = new DeadlockCheck(session, listing);
        this.backoff = new Backoff(store.firstLook());
        this.grant = new HeldGrant(session, ask.request());
    }

    /** Asks for what the session does not hold already; empty when it is not granted at once. */
    Optional<Grant> start(Runnable hint) {
        session.findLosses();
        session.ensureOpen();
        session.requireCurrent(ask.request());
        Owner owner = Owner.of(ask.request(), session.info().id());
        LockRequest rest = session.holdings().cover(grant, owner);
        if (rest.isEmpty()) {
            return ifSafe(null);
        }
        boolean keep = !ask.patience().isNone();
        Placement placement = session.ownRequests().place(new TicketDraft(rest, ask.number(), hint), keep);
        if (keep || placement.verdict() instanceof Verdict.Granted) {
            ticket = placement.ticket();
        }
        return answer(placement.ticket(), placement.verdict());
    }

    /** Stays awake for a moment where its turn is likely to come in it; only for a thread that waits for nothing else. */
    void linger() {
        if (ticket != null) {
            store.linger(ticket);
        }
    }

    /** Looks again; empty while it waits. A grant that comes after the deadline counts as a timeout: the caller no longer expects it. */
    Optional<Grant> step() {
        session.ensureOpen();
        if (deadline.isOver()) {
            throw timeout();
        }
        Ticket waiting = ticket;
        if (waiting == null) {
            return ifSafe(null);
        }
        Optional<Grant> answer = answer(waiting, store.decide(waiting));
        if (ticket != null) {
            deadlocks.check(ask.request(), waiting, deadline.waited());
        }
        return answer;
    }

    /** Nanoseconds after which to look again without a hint. */
    long pause() {
        return deadline.limit(backoff.nextNanos());
    }

    /** Withdraws the request unless it was granted: the one path for timeout, interrupt, cancel, deadlock and error. */
    void end() {
        if (granted) {
            return;
        }
        if (ticket != null) {
            session.withdraw(ticket);
            ticket = null;
        }
        session.holdings().drop(grant).forEach(session::withdraw);
    }

    private Optional<Grant> answer(Ticket placed, Verdict verdict) {
        if (verdict instanceof Verdict.Gone gone) {
            ticket = null;
            throw gone.cause() == LossCause.CLAIM_ENDED ? claimEnded() : gone(Loss.of(store, placed, gone.cause()));
        }
        if (verdict instanceof Verdict.Blocked blocked) {
            SelfConflict.refuse(placed, blocked.by(), session::isOwn);
            blockers = blocked.by();
            return Optional.empty();
        }
        blockers = List.of();
        ticket = null;
        session.holdings().add(grant, placed, ((Verdict.Granted) verdict).token());
        return ifSafe(placed);
    }

    /** The grant, or empty while the session is suspended; throws when a part of it, or the session, was lost meanwhile. */
    private Optional<Grant> ifSafe(@Nullable Ticket decided) {
        session.holdings().findOtherLosses(decided);
        session.ensureOpen();
        grant.ensureHeld();
        if (!session.isSafe()) {
            return Optional.empty();
        }
        session.awaitDelivered();
        granted = true;
        return Optional.of(grant);
    }

    private StaleClaimException claimEnded() {
        return new StaleClaimException(
                ask.request(),
                "the claim under which " + ask.request() + " was asked for is over; claim the task again");
    }

    private GrantLostException gone(Loss loss) {
        return new GrantLostException(
                ask.request(),
                "the request for " + ask.request() + " was removed while it waited (" + loss + "); ask again",
                loss.theft());
    }

    private WaitTimeoutException timeout() {
        try {
            List<LockInfo> by =
                    ticket == null || blockers.isEmpty() ? listing.of(blockers) : listing.blockersOf(ticket);
            return timeout(
                    by.isEmpty()
                            ? "nothing that is still there"
                            : by.stream().map(PendingLock::blocker).collect(Collectors.joining("; ")),
                    by);
        } catch (StoreUnavailableException | CorruptRecordException e) {
            return timeout("nobody can say what, " + e.getMessage(), List.of());
        }
    }

    private WaitTimeoutException timeout(String inTheWay, List<LockInfo> by) {
        return new WaitTimeoutException(
                ask.request(), "waited " + ask.patience() + " for " + ask.request() + "; in the way: " + inTheWay, by);
    }

    private static String blocker(LockInfo info) {
        String reason = info.request().reason();
        return info.owner().agent() + (info.granted() ? " holds " : " waits for ") + info.request() + " since "
                + info.since() + (reason.isEmpty() ? "" : " (" + reason + ")");
    }
}
