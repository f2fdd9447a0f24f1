package dev.agentcoord.spi;

import dev.agentcoord.SessionInfo;
import java.time.Duration;

/**
 * One registered session and what it may do in the store; after its end every call throws, and closing it frees all that it holds.
 * Thread-safe.
 */
public interface StoreSession extends AutoCloseable {
    /** Its record, as published. */
    SessionInfo info();

    /** For how long the store guarantees every hold, from now; {@code FOREVER} where death needs proof. Local, no round trip. */
    Duration safeFor();

    /** Its tickets. */
    TicketStore tickets();

    /** Its view of a queue, made on first use. */
    TaskStore tasks(String queue);

    /** Its view of the shared state. */
    StateStore state();

    /** Removes the session and everything it owns, and waits until the store knows. Closing twice does nothing. */
    @Override
    void close();
}
