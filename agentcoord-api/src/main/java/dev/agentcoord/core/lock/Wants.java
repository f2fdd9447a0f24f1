package dev.agentcoord.core.lock;

import dev.agentcoord.LockRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The wants of requests, remembered by the request's identity: one that is looked up, added and looked up again is read once. Bounded,
 * the newest stays. Not thread-safe.
 */
final class Wants {
    private static final int KEPT = 64;

    private final @Nullable Read[] read = new Read[KEPT];

    private record Read(LockRequest request, List<Want> wants) {}

    @SuppressWarnings("ReferenceEquality")
    List<Want> of(LockRequest request) {
        int slot = System.identityHashCode(request) % KEPT;
        Read found = read[slot];
        if (found == null || found.request != request) {
            found = new Read(request, Want.of(request));
            read[slot] = found;
        }
        return found.wants;
    }
}
