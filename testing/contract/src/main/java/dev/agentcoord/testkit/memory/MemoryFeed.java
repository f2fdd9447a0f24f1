package dev.agentcoord.testkit.memory;

import dev.agentcoord.spi.StateFeed;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The keys below a prefix that changed since somebody last asked; more than it can note count as a gap. Thread-safe. */
class MemoryFeed implements StateFeed {
    private static final int NOTED = 512;

    private final String prefix;
    private final Runnable hint;
    private final Collection<MemoryFeed> feeds;
    final Set<String> changed = new HashSet<>();
    private boolean gap = true;

    MemoryFeed(String prefix, Runnable hint, Collection<MemoryFeed> feeds) {
        this.prefix = prefix;
        this.hint = hint;
        this.feeds = feeds;
    }

    synchronized void note(String key) {
        if (key.startsWith(prefix)) {
            changed.add(key);
            gap |= changed.size() > NOTED;
        }
    }

    void hint() {
        hint.run();
    }

    @Override
    public synchronized Optional<Set<String>> changed() {
        Optional<Set<String>> news = gap ? Optional.empty() : Optional.of(Set.copyOf(changed));
        changed.clear();
        gap = false;
        return news;
    }

    @Override
    public void close() {
        feeds.remove(this);
    }
}
