package dev.agentcoord;

/** A listener that is being called, one event at a time; close it to stop. Closing twice does nothing. Thread-safe. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
    /** Stops the calls; one already under way may still finish. */
    @Override
    void close();
}
