package dev.agentcoord.core.lock;

import dev.agentcoord.LockRequest;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Requests by their text, since agents ask for the same things again and again: each text is read and verified once. Bounded, the least
 * used goes first. Not thread-safe.
 */
public final class RequestTexts {
    private static final int KEPT = 512;

    private final Map<String, LockRequest> known = new LinkedHashMap<>(KEPT, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, LockRequest> eldest) {
            return size() > KEPT;
        }
    };

    /** The request of exactly that text; throws {@link IllegalArgumentException} or what the parts of a request refuse. */
    LockRequest read(String text) {
        LockRequest request = known.get(text);
        if (request == null) {
            request = RequestText.read(text);
            RequestText.requireSame(text, RequestText.encode(request));
            known.put(text, request);
        }
        return request;
    }
}
