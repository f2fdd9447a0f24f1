package dev.agentcoord.core.queue;

import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskState;

/**
 * Where a task goes that has not ended and that nobody works on: behind the earlier ones of its ordering key, then
 * behind those it depends on, then to its time, then to who claims it.
 */
public enum Admission {
    /** BLOCKED until the earlier tasks of its ordering key have ended. */
    IN_LINE,
    /** BLOCKED until what it depends on is done; it keeps its ordering key from others meanwhile. */
    DEPENDENT,
    /** SCHEDULED. */
    DELAYED,
    /** READY. */
    ADMITTED;

    /**
     * Where it goes.
     *
     * @param keyIsTaken whether another task is the first of its ordering key that has not ended
     * @param dependencies how many of those it depends on are not done
     * @param due whether its time has come
     */
    public static Admission of(boolean keyIsTaken, int dependencies, boolean due) {
        if (keyIsTaken) {
            return IN_LINE;
        }
        if (dependencies > 0) {
            return DEPENDENT;
        }
        return due ? ADMITTED : DELAYED;
    }

    /** What it is for those who look. */
    public TaskState state() {
        return switch (this) {
            case IN_LINE, DEPENDENT -> TaskState.BLOCKED;
            case DELAYED -> TaskState.SCHEDULED;
            case ADMITTED -> TaskState.READY;
        };
    }

    /**
     * Whether a new task has to wait for one in that state. A dead letter may be redriven, so it is waited for; what is cancelled will
     * never be done.
     *
     * @throws InvalidRequestException where it was cancelled
     */
    public static boolean waitsFor(TaskId dependency, TaskState state) {
        if (state == TaskState.CANCELLED) {
            throw new InvalidRequestException(
                    dependency, "task " + dependency + " was cancelled, so nothing can depend on it; leave it out");
        }
        return state != TaskState.DONE;
    }

    /**
     * Whether the first of an ordering key goes back into the line before a task that is redriven: where that one was enqueued earlier,
     * and the first only waits for others. It may be the redriven one that it waits for.
     */
    public static boolean givesWay(TaskState first, long number, long redriven) {
        return first == TaskState.BLOCKED && redriven < number;
    }

    /** The error for a dependency that nobody knows. */
    public static InvalidRequestException unknown(TaskId dependency) {
        return new InvalidRequestException(
                dependency,
                "there is no task " + dependency + " to depend on; enqueue it first, or in the same batch before");
    }

    /** What becomes of a task that depends on one that was cancelled. */
    public static Ending.Cancelled dependencyCancelled(TaskId dependency) {
        return new Ending.Cancelled("task " + dependency + ", which it depends on, was cancelled");
    }
}
