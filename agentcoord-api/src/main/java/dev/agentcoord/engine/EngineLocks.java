package dev.agentcoord.engine;

import dev.agentcoord.Grant;
import dev.agentcoord.Intervention;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.LockInfo;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Locks;
import dev.agentcoord.Subscription;
import dev.agentcoord.TicketId;
import dev.agentcoord.Wait;
import dev.agentcoord.core.Limits;
import dev.agentcoord.spi.TicketStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** The locks of one session: validates, and drives each request to its grant on the caller's thread or on a worker. Thread-safe. */
final class EngineLocks implements Locks {
    private final EngineSession session;
    private final LockListing listing;
    private final TicketStore store;
    private final AtomicLong numbers = new AtomicLong();

    EngineLocks(EngineSession session, LockListing listing, TicketStore store) {
        this.session = session;
        this.listing = listing;
        this.store = store;
    }

    @Override
    public Grant acquire(LockRequest request, Wait wait) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before asking for " + request);
        }
        PendingLock pending = pending(request, wait);
        Signal signal = new Signal();
        Subscription changes = session.life().onChange(signal::raise);
        try {
            Optional<Grant> grant = pending.start(signal::raise);
            while (grant.isEmpty()) {
                signal.await(pending.pause());
                pending.linger();
                grant = pending.step();
            }
            return grant.get();
        } finally {
            changes.close();
            pending.end();
        }
    }

    @Override
    public Optional<Grant> tryAcquire(LockRequest request) {
        PendingLock pending = pending(request, Wait.none());
        try {
            Optional<Grant> grant = pending.start(() -> {});
            if (grant.isEmpty()) {
                session.settle();
            }
            return grant;
        } finally {
            pending.end();
        }
    }

    @Override
    public CompletableFuture<Grant> acquireAsync(LockRequest request, Wait wait) {
        return new AsyncLock(session, pending(request, wait)).start();
    }

    @Override
    public List<LockInfo> explain(LockRequest request) {
        refuseEmpty(request);
        return session.call(() -> listing.of(store.blockersOf(request)));
    }

    @Override
    public List<LockInfo> explain(TicketId ticket) {
        return session.call(() -> listing.blockersOf(ticket));
    }

    @Override
    public void steal(TicketId ticket, String reason) {
        intervene("a steal", ticket, reason, store::steal);
    }

    @Override
    public void requestRelease(TicketId ticket, String reason) {
        intervene("a request for a release", ticket, reason, store::requestRelease);
    }

    @Override
    public Subscription onReleaseRequested(Consumer<Intervention> listener) {
        return session.requests().listen(listener);
    }

    private void intervene(String what, TicketId ticket, String reason, BiConsumer<TicketId, String> deed) {
        if (reason.isBlank()) {
            throw new InvalidRequestException(
                    ticket, what + " needs a reason, which the holder and everybody else will read");
        }
        String text = Limits.reason(reason);
        session.change(() -> {
            deed.accept(ticket, text);
            return ticket;
        });
    }

    private PendingLock pending(LockRequest request, Wait wait) {
        refuseEmpty(request);
        return new PendingLock(session, store, listing, new PendingLock.Ask(request, wait, numbers.incrementAndGet()));
    }

    private static void refuseEmpty(LockRequest request) {
        if (request.isEmpty()) {
            throw new InvalidRequestException(
                    request, "the request names nothing to lock; add a file, tree, glob, name or pool");
        }
    }
}
