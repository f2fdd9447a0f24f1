package dev.agentcoord;

import java.time.Duration;

/**
 * The exclusive right of one session to work on one task, for as long as the session lives or until finished. Any use after that throws
 * {@link StaleClaimException} and has no effect. Thread-safe.
 */
public interface Claim {
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
}
