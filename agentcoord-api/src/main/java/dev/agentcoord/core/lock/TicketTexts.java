package dev.agentcoord.core.lock;

import dev.agentcoord.LockRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Owners and requests by their text in a {@link TicketName}, since the same agents ask for the same things again and again: each text is
 * read and verified once. Bounded, the least used goes first. Not thread-safe.
 */
public final class TicketTexts {
    private static final int KEPT = 512;

    private final Map<String, Owner> owners = new Recent<>();
    private final Map<String, LockRequest> requests = new Recent<>();

    /** The owner of that text, read by the function where it is new; what cannot be read is not kept. */
    Owner owner(String text, Function<String, Owner> reader) {
        return get(owners, text, reader);
    }

    /** The request of that text, read by the function where it is new; what cannot be read is not kept. */
    LockRequest request(String text, Function<String, LockRequest> reader) {
        return get(requests, text, reader);
    }

    private static <T> T get(Map<String, T> known, String text, Function<String, T> reader) {
        T found = known.get(text);
        if (found == null) {
            found = reader.apply(text);
            known.put(text, found);
        }
        return found;
    }

    private static final class Recent<T> extends LinkedHashMap<String, T> {
        private static final long serialVersionUID = 1;

        Recent() {
            super(64, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
            return size() > KEPT;
        }
    }
}
