package dev.agentcoord.engine;

import dev.agentcoord.FencingToken;
import dev.agentcoord.Grant;
import dev.agentcoord.GrantLostException;
import dev.agentcoord.Intervention;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.LossCause;
import dev.agentcoord.NotHeldException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A grant resting on one ticket or, where it was partly covered already, on several. Ends once: released or lost. Thread-safe. */
final class HeldGrant implements Grant {
    private final EngineSession session;
    private final LockRequest request;
    private final List<Part> parts = new ArrayList<>(1);
    private final List<Consumer<LossCause>> listeners = new ArrayList<>();
    private State state = State.HELD;
    private @Nullable Loss loss;

    /** Items of the request and what they rest on; no item twice. */
    private record Part(Holding holding, Set<Item> items) {}

    private enum State {
        HELD,
        /** Its tickets are on their way out; whether they were still there is not known yet. */
        RELEASING,
        RELEASED,
        /** The session itself finished the claim it was held under. */
        ENDED
    }

    HeldGrant(EngineSession session, LockRequest request) {
        this.session = session;
        this.request = request;
    }

    /** Adds holdings it rests on, while it is being assembled. */
    synchronized void rest(Holding holding, Set<Item> items) {
        parts.add(new Part(holding, items));
    }

    /** The ticket of one of them is a task's from now on. */
    synchronized void rebase(Holding before, Holding after) {
        parts.replaceAll(part -> part.holding == before ? new Part(after, part.items) : part);
    }

    /** What it rests on. */
    synchronized List<Holding> holdings() {
        return restsOn();
    }

    boolean isOf(EngineSession other) {
        return session == other;
    }

    @Override
    public LockRequest request() {
        return request;
    }

    @Override
    public synchronized List<FencingToken> tokens() {
        return parts.stream().map(part -> part.holding.token()).distinct().toList();
    }

    @Override
    public String toString() {
        return "grant of " + request + ", tokens " + tokens();
    }

    @Override
    public FencingToken token() {
        List<FencingToken> tokens = tokens();
        if (tokens.size() != 1) {
            throw new InvalidRequestException(
                    request, "parts of this grant carry different tokens: " + tokens + "; ask token(item)");
        }
        return tokens.get(0);
    }

    @Override
    public synchronized FencingToken token(Item item) {
        for (Part part : parts) {
            if (part.items.contains(item)) {
                return part.holding.token();
            }
        }
        throw new NotHeldException(item, "the request did not name " + item + "; it names " + request);
    }

    @Override
    public void check() {
        session.holdings().findLosses(restsOn());
        ensureHeld();
        if (!session.isSafe()) {
            throw new GrantLostException(
                    request,
                    "cannot be sure to hold " + request + ": the session is suspended; stop writing, check again");
        }
        session.awaitDelivered();
    }

    @Override
    public void verify() {
        check();
        restsOn().forEach(holding -> session.verify(holding.ticket()));
    }

    private synchronized List<Holding> restsOn() {
        return parts.size() == 1
                ? List.of(parts.get(0).holding)
                : parts.stream().map(Part::holding).distinct().toList();
    }

    @Override
    public void onLost(Consumer<LossCause> listener) {
        session.findLosses();
        synchronized (this) {
            listeners.add(listener);
            if (loss != null) {
                tell(listener, loss.cause());
            }
        }
        session.awaitDelivered();
    }

    @Override
    public Optional<Intervention> theft() {
        session.findLosses();
        session.awaitDelivered();
        synchronized (this) {
            return loss == null ? Optional.empty() : Optional.ofNullable(loss.theft());
        }
    }

    @Override
    public void release() {
        beginRelease();
        Loss cause;
        try {
            session.release(this);
        } finally {
            cause = endRelease();
        }
        if (cause != null) {
            throw lost(cause);
        }
        session.awaitDelivered();
    }

    private synchronized void beginRelease() {
        if (state == State.ENDED && loss != null) {
            throw lost(loss);
        }
        if (state != State.HELD) {
            throw new NotHeldException(request, "nothing was released: " + request + " was released before");
        }
        state = State.RELEASING;
    }

    private synchronized @Nullable Loss endRelease() {
        state = State.RELEASED;
        return loss;
    }

    @Override
    public void close() {
        if (!isReleased()) {
            release();
        }
    }

    synchronized boolean isReleased() {
        return state != State.HELD;
    }

    synchronized void markReleased() {
        state = State.RELEASED;
    }

    /** Ends it as lost; the first cause stays, and each listener hears of it once, unless it was the session's own doing. */
    synchronized void markLost(Loss cause, boolean own) {
        if (state == State.RELEASED || state == State.ENDED || loss != null) {
            return;
        }
        loss = cause;
        if (own) {
            state = state == State.HELD ? State.ENDED : state;
        } else {
            listeners.forEach(listener -> tell(listener, cause.cause()));
        }
    }

    /** The session has not finished the claim: somebody else had ended it. */
    synchronized void lostAfterAll() {
        if (state == State.ENDED && loss != null) {
            state = State.HELD;
            LossCause cause = loss.cause();
            listeners.forEach(listener -> tell(listener, cause));
        }
    }

    private void tell(Consumer<LossCause> listener, LossCause cause) {
        session.dispatch(() -> listener.accept(cause));
    }

    /** Throws unless it is held as far as is known. */
    synchronized void ensureHeld() {
        if (loss != null) {
            throw lost(loss);
        }
        if (state != State.HELD) {
            throw new NotHeldException(request, "no longer holds " + request + ": it was released");
        }
    }

    private GrantLostException lost(Loss cause) {
        return new GrantLostException(
                request, "lost " + request + " (" + cause + "); stop writing what it protected", cause.theft());
    }
}
