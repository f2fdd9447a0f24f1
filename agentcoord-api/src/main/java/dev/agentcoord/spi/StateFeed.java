package dev.agentcoord.spi;

import java.util.Optional;
import java.util.Set;

/** Which keys below a prefix may have changed since it was last asked. One caller at a time. */
public interface StateFeed extends AutoCloseable {
    /**
     * The keys that may have changed since the call before: reading them afterwards shows their last value, or a later call names them
     * again. Empty at first, and whenever that is not known, so that all have to be read. A key whose session has ended counts as changed.
     */
    Optional<Set<String>> changed();

    /** Ends it; closing twice does nothing. */
    @Override
    void close();
}
