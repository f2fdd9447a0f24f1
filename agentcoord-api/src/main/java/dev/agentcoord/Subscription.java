package dev.agentcoord;

/** A listener that is being called; close it to stop. Closing twice does nothing. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
    /** Stops the calls; one already under way may still finish. */
    @Override
    void close();
}
