package dev.agentcoord;

import java.time.Duration;
import java.util.List;

/**
 * The exclusive right of one session to work on one task, for as long as the session lives or until finished. Any use after that throws
 * {@link StaleClaimException} and has no effect. Thread-safe.
 */
public interface Claim {
    /** Name of the queue the task is in. */
    String queue();

    /** The task as it was when claimed. */
    TaskInfo task();

    /** Fences this delivery: greater for each later delivery of the same task. */
    FencingToken token();

    /** Ends the task as done, keeping a result of at most 64 KB; exactly one completion of a task ever succeeds. */
    void complete(String result);

    /** Ends this attempt; the task is tried again as {@code retry} says, or dies with its cause when attempts are used up. */
    void fail(String cause, Retry retry);

    /** Gives the task back unfinished, claimable after a delay; does not count as an attempt. */
    void release(Duration delay);

    /**
     * The locks of the task, which this claim holds: first those inherited from earlier claimers, with the generation of this claim in
     * their tokens, then those taken under it. Release single ones; all the others stay with the task.
     */
    List<Grant> grants();

    /**
     * Makes a grant of the session the task's, with all grants that share its tickets: held without a gap, same position, the token's
     * generation raised to this claim's. Throws {@link NotHeldException}, {@link GrantLostException}, {@link InvalidRequestException}.
     */
    void bind(Grant grant);

    /**
     * As {@link #bind(Grant)} for several, which may overlap with each other. One that overlaps with what stays with the session, held or
     * waited for, throws {@link InvalidRequestException} before anything is changed.
     */
    void bind(List<Grant> grants);

    /**
     * Passes the task on together with its locks, in one step: nobody else can take them until the receiver claims it. Does not count as
     * an attempt; the note, at most 64 KB, is the receiver's {@link TaskInfo#outcome()}.
     */
    void handoff(Recipient to, String note);

    /** As {@link #handoff(Recipient, String)}, after these grants of the session were bound to the task. */
    void handoff(Recipient to, String note, List<Grant> grants);
}
