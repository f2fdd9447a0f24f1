package dev.agentcoord;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A lock request that was granted, held until released, closed or lost. Belongs to its session, not to a thread: use it from any
 * thread. Re-entrant grants share the outer token. One taken under a claim belongs to the task, and is void once that claim is over.
 */
public interface Grant extends AutoCloseable {
    /** What was asked for. */
    LockRequest request();

    /** The fencing token; throws {@link InvalidRequestException} where parts of a re-entrant grant carry different ones. */
    FencingToken token();

    /** The fencing token of one requested item; throws {@link NotHeldException} when the request did not name it. */
    FencingToken token(Item item);

    /** The fencing tokens of all tickets it rests on: one, unless part of the request was held already. */
    List<FencingToken> tokens();

    /**
     * Returns if the grant is safely held at this moment, else throws {@link GrantLostException}, or {@link NotHeldException} once it was
     * released. Microseconds, no round trip.
     */
    void check();

    /** As {@link #check()}, but asks the store itself: one round trip, authoritative at the moment the store answered. */
    void verify();

    /**
     * Calls back once, off the transport's threads, when the grant is lost; at once when it already is. Other calls on the session wait
     * for it, so it returns soon and waits for no thread that uses the session.
     */
    void onLost(Consumer<LossCause> listener);

    /** Who took it and why; empty unless it was stolen. */
    Optional<Intervention> theft();

    /** Gives it up and waits until the store knows; throws {@link NotHeldException} when released before, {@link GrantLostException} when lost. */
    void release();

    /**
     * Releases what is still held; does nothing after {@link #release()}, nor once the session itself has finished the claim it was under;
     * throws {@link GrantLostException} when it was lost meanwhile.
     */
    @Override
    void close();
}
