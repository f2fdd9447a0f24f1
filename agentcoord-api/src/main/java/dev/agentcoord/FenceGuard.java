package dev.agentcoord;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Lets a resource refuse whoever writes to it under a lock that was lost meanwhile: it remembers the highest fencing token seen, in the
 * shared state under {@code fence/} and the resource's name. What it cannot do is undo a write admitted just before. Thread-safe.
 */
public final class FenceGuard {
    private static final String PREFIX = "fence/";

    private final SharedState state;

    /** A guard that remembers in that state; all that guard one resource use the same space. */
    public FenceGuard(SharedState state) {
        this.state = state.linearizable();
    }

    /**
     * Returns if the token is the highest the resource has seen, or the same again. Throws {@link StaleTokenException} for a lower one, and
     * for one of another incarnation of the store until {@link #reset}.
     */
    public void admit(String resource, FencingToken token) {
        String key = PREFIX + resource;
        byte[] text = token.toString().getBytes(StandardCharsets.US_ASCII);
        boolean admitted = false;
        while (!admitted) {
            Optional<Versioned> seen = state.get(key);
            if (seen.isEmpty()) {
                admitted = state.putIfAbsent(key, text).isPresent();
            } else if (token.equals(requireNotLower(
                    resource, token, FencingToken.parse(seen.get().text())))) {
                admitted = true;
            } else {
                admitted = state.compareAndSet(key, seen.get().revision(), text).isPresent();
            }
        }
    }

    /** Forgets what the resource has seen: whoever does it knows that nobody writes under a lock of an earlier store any more. */
    public void reset(String resource) {
        String key = PREFIX + resource;
        Optional<Versioned> seen = state.get(key);
        while (seen.isPresent() && !state.delete(key, seen.get().revision())) {
            seen = state.get(key);
        }
    }

    private static FencingToken requireNotLower(String resource, FencingToken token, FencingToken highest) {
        if (token.incarnation() != highest.incarnation()) {
            throw new StaleTokenException(
                    token,
                    highest,
                    "token " + token + " is of another incarnation of the store than " + highest + ", which " + resource
                            + " has seen; reset it once nobody writes there under a lock of the other");
        }
        if (token.compareTo(highest) < 0) {
            throw new StaleTokenException(
                    token,
                    highest,
                    "token " + token + " is older than " + highest + ", which " + resource
                            + " has seen; its lock was lost: stop writing");
        }
        return highest;
    }
}
