package dev.agentcoord;

/** Where a task stands. DONE and CANCELLED are final; DEAD may be redriven. */
public enum TaskState {
    /** Waits for its time: delayed, or between two attempts. */
    SCHEDULED,
    /** May be claimed now. */
    READY,
    /** A live session works on it. */
    CLAIMED,
    /** Completed, once. */
    DONE,
    /** Failed for good; kept with its cause. */
    DEAD,
    /** Taken back before it ended. */
    CANCELLED
}
