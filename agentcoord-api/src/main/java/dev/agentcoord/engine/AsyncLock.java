package dev.agentcoord.engine;

import dev.agentcoord.Grant;
import dev.agentcoord.Subscription;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Drives one request on workers and completes a future with its grant; cancelling the future withdraws it. Thread-safe. */
final class AsyncLock {
    private final EngineSession session;
    private final PendingLock pending;
    private final CompletableFuture<Grant> future = new CompletableFuture<>();
    private final Subscription changes;
    private boolean started;
    private boolean timed;
    private boolean over;

    AsyncLock(EngineSession session, PendingLock pending) {
        this.session = session;
        this.pending = pending;
        this.changes = session.life().onChange(this::wake);
    }

    CompletableFuture<Grant> start() {
        // Also when the caller completes it, be it by cancel or by orTimeout.
        var unused = future.whenComplete((grant, failure) -> end());
        wake();
        return future;
    }

    private void wake() {
        if (!session.workers().run(this::advance)) {
            // The coordinator is closed, so this only finds out and says so.
            advance();
        }
    }

    private synchronized void tick() {
        timed = false;
        wake();
    }

    private void advance() {
        try {
            look().ifPresent(this::complete);
        } catch (RuntimeException | Error e) {
            // First, so that nothing is queued any more when the caller hears of it.
            try {
                end();
            } finally {
                future.completeExceptionally(e);
            }
        }
    }

    private synchronized Optional<Grant> look() {
        if (over || future.isDone()) {
            return Optional.empty();
        }
        // Over unless it says it waits, so that nothing looks again after an exception.
        over = true;
        Optional<Grant> grant = started ? pending.step() : pending.start(this::wake);
        started = true;
        over = grant.isPresent();
        if (!over && !timed) {
            timed = true;
            session.workers().runAfter(pending.pause(), this::tick);
        }
        return grant;
    }

    private void complete(Grant grant) {
        if (!future.complete(grant)) {
            // Cancelled in between.
            grant.close();
        }
    }

    private synchronized void end() {
        over = true;
        changes.close();
        pending.end();
    }
}
