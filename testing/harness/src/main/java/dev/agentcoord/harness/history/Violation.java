package dev.agentcoord.harness.history;

/**
 * A promise that a history shows broken.
 *
 * @param kind which promise
 * @param detail the calls concerned, for people
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
        REFUSED_WITHOUT_CAUSE,
        /** A task was delivered that nobody had enqueued by then. */
        OUT_OF_NOTHING,
        /** A task was delivered while another claimer certainly still had it. */
        DELIVERED_TWICE,
        /** Delivery numbers of a task do not rise by one with each delivery, or its tokens do not rise. */
        DELIVERY_NUMBER,
        /** A task was delivered although it had ended. */
        DELIVERED_AFTER_END,
        /** A task was delivered before its time. */
        DELIVERED_TOO_EARLY,
        /** More than one finish of one delivery was accepted, or one of a delivery that was no longer the current one. */
        STALE_ACCEPTED,
        /** A living claimer was refused the finish of its current delivery. */
        CLAIM_LOST,
        /** A delivery states another attempt than its history. */
        ATTEMPT_WRONG,
        /** A task was delivered before one that was ahead of it. */
        TASK_OVERTAKEN,
        /** Two tasks of one ordering key were under way at once, or out of their order. */
        KEY_ORDER,
        /** A claim found nothing though a task was ready all the time. */
        NOTHING_FOUND,
        /** An acknowledged task is not in the store. */
        TASK_LOST,
        /** A task did not end as its history says. */
        ENDED_OTHERWISE,
        /** The store counts other tasks than there are. */
        DEPTH_WRONG,
        /** The calls on one key have no order that explains what they returned. */
        NOT_LINEARIZABLE,
        /** An agent read a version from before its own latest write. */
        OWN_WRITE_MISSED,
        /** Two writes of one key have one revision. */
        REVISION_REPEATED,
        /** Transactions depend on each other in a circle. */
        CYCLE,
        /** Something of a session is still there after its end. */
        LEFT_BEHIND
    }

    /** Of two attempts that do not go together. */
    static Violation of(Kind kind, Attempt first, Attempt second) {
        return new Violation(kind, first + " / " + second);
    }

    @Override
    public String toString() {
        return kind + ": " + detail;
    }
}
