package dev.agentcoord.harness.history.tasks;

import dev.agentcoord.harness.history.Call;

/**
 * One try of a claimer to finish its delivery.
 *
 * @param call when and how
 * @param way what became of the task if it was accepted
 * @param delay nanoseconds until it may be delivered again, where it may
 * @param text what is kept with the task: a result or a cause
 */
public record Finish(Call call, Way way, long delay, String text) {
    /** What a finish makes of a task. */
    public enum Way {
        /** Done. */
        COMPLETE,
        /** Delivered again, or dead when its attempts are used up. */
        FAIL,
        /** Dead. */
        BURY,
        /** Delivered again; the attempt does not count. */
        RELEASE
    }

    boolean ends(int attempt, int maxAttempts) {
        return way == Way.COMPLETE || buries(attempt, maxAttempts);
    }

    boolean buries(int attempt, int maxAttempts) {
        return way == Way.BURY || (way == Way.FAIL && attempt >= maxAttempts);
    }

    @Override
    public String toString() {
        return way + " at " + call.invoked() + " " + call.outcome();
    }
}
