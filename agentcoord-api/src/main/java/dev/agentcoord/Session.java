package dev.agentcoord;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * One live participant of a space. Owns locks, claims and ephemeral keys, which all end with it. Thread-safe; never re-opens itself
 * once lost.
 */
public interface Session extends AutoCloseable {
    /** Its immutable record, as others read it. */
    SessionInfo info();

    /** Where it stands now; no round trip. */
    SessionStatus status();

    /** For how long every hold is still guaranteed, counted from now; zero when not, {@code FOREVER} where death needs proof. */
    Duration safeFor();

    /** Locks on files, trees, globs, names and pools. */
    Locks locks();

    /** The queue of that name in this space, made on first use; names are 1 to 48 characters of {@code [a-z0-9-]}. */
    TaskQueue queue(String name);

    /** The space's shared key-value state. */
    SharedState state();

    /** Calls back with each new status, serially and in order, off the transport's threads. */
    Subscription onStatus(Consumer<SessionStatus> listener);

    /** Releases everything at once and waits until the store knows; closing twice does nothing. */
    @Override
    void close();
}
