package dev.agentcoord.fs;

import dev.agentcoord.Condition;
import dev.agentcoord.SessionId;
import dev.agentcoord.Versioned;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * What this process knows of keys it read or wrote inside the section lately, kept right by the ring of changes, so that a condition on
 * them reads no file; and revisions it took in advance, so that a value can be written before its writer enters. Used inside the
 * section, but for {@link #guess} and the spare revisions.
 */
final class StateMemory {
    private static final int MOST_KEYS = 4_096;
    private static final int MOST_SPARE = 64;

    private final StateFiles files;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final Queue<Reserved> spare = new ConcurrentLinkedQueue<>();
    private long seen = News.NEVER;

    StateMemory(StateFiles files) {
        this.files = files;
    }

    /**
     * What conditions ask of a key.
     *
     * @param revision it has, or that of an absent one
     * @param owner of an ephemeral value
     */
    record Known(long revision, @Nullable SessionId owner) {
        private static final Known NOTHING = new Known(Condition.ABSENT, null);
    }

    /**
     * A revision taken before the records are written, because they state it.
     *
     * @param revision larger than that of any write so far
     * @param change number of the latest change at that moment
     */
    record Reserved(long revision, long change) {}

    /** Forgets what has changed since the last time; at the beginning of each turn that asks. */
    void begin(Turn turn) {
        List<Change> news = seen == News.NEVER ? null : turn.since(seen);
        if (news == null || known.size() > MOST_KEYS) {
            known.clear();
        } else {
            news.stream().filter(change -> change.kind() == Change.Kind.STATE).forEach(c -> known.remove(c.name()));
        }
        seen = turn.change();
    }

    /** The key of that name as it is. */
    Known of(String name) throws IOException {
        Known now = known.get(name);
        if (now == null) {
            Versioned value = files.read(name);
            now = value == null
                    ? Known.NOTHING
                    : new Known(value.revision(), value.owner().orElse(null));
            known.put(name, now);
        }
        return now;
    }

    /** What was known last, or null. */
    @Nullable Known guess(String name) {
        return known.get(name);
    }

    /** All that this turn announced is done. */
    void wrote(Turn turn, Map<String, Known> written) {
        known.putAll(written);
        seen = turn.change();
    }

    /** A revision that nobody has used; null where there is none. */
    @Nullable Reserved takeSpare() {
        return spare.poll();
    }

    void addSpare(Reserved reserved) {
        if (spare.size() < MOST_SPARE) {
            spare.add(reserved);
        }
    }
}
