package dev.agentcoord.fs;

import dev.agentcoord.spi.StateFeed;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Follows the keys with a prefix by the ring of changes; where that has gone round since the last look, everything counts as changed. */
final class FsStateFeed implements StateFeed {
    private final StateDirectory state;
    private final Section.Entrance section;
    private final String prefix;
    private final Runnable hint;
    private final Consumer<FsStateFeed> onClose;
    private long seen = News.NEVER;

    FsStateFeed(
            StateDirectory state,
            Section.Entrance section,
            String prefix,
            Runnable hint,
            Consumer<FsStateFeed> onClose) {
        this.state = state;
        this.section = section;
        this.prefix = prefix;
        this.hint = hint;
        this.onClose = onClose;
    }

    void hint() {
        hint.run();
    }

    @Override
    public synchronized Optional<Set<String>> changed() {
        return Calls.typed(state.files().dir(), () -> {
            News news = News.since(section, seen);
            seen = news.change();
            return news.changes() == null ? Optional.empty() : keys(news.changes());
        });
    }

    /** Empty as well where a name alone does not tell its key, and the file that did is gone. */
    private Optional<Set<String>> keys(List<Change> changes) throws IOException {
        Set<String> keys = new HashSet<>();
        String start = KeyName.prefix(prefix);
        for (Change change : changes) {
            if (change.kind() == Change.Kind.STATE && change.name().startsWith(start)) {
                String key = state.names().keyOf(change.name());
                if (key == null) {
                    return Optional.empty();
                } else if (key.startsWith(prefix)) {
                    keys.add(key);
                }
            }
        }
        return Optional.of(keys);
    }

    @Override
    public void close() {
        onClose.accept(this);
    }
}
