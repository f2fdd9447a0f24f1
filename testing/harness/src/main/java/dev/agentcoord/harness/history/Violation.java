package dev.agentcoord.harness.history;

/**
 * A promise that a history shows broken.
 *
 * @param kind which promise
 * @param detail the attempts concerned, for people
 */
public record Violation(Kind kind, String detail) {
    /** The promises. */
    public enum Kind {
        /** Two agents relied on conflicting grants at one moment. */
        OVERLAP,
        /** As {@link #OVERLAP}, where the earlier one was killed or lost its grant: it had not stopped yet. */
        GRANTED_TOO_EARLY,
        /** More permits of a pool were held at one moment than it has. */
        POOL_EXCEEDED,
        /** Two grants carry one token. */
        TOKEN_REPEATED,
        /** A later request was granted later with a smaller token than a conflicting one before it. */
        TOKEN_BACK,
        /** A request was granted before a conflicting one that was ahead of it. */
        OVERTAKEN,
        /** A living agent lost a grant that nobody stole. */
        GRANT_LOST,
        /** An agent's process ended by itself, or did not end when asked to. */
        AGENT_FAILED,
        /** A request was refused while nothing stood in its way. */
        REFUSED_WITHOUT_CAUSE
    }

    static Violation of(Kind kind, Attempt first, Attempt second) {
        return new Violation(kind, first + " / " + second);
    }

    @Override
    public String toString() {
        return kind + ": " + detail;
    }
}
