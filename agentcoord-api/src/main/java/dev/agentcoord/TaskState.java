package dev.agentcoord;

/** Where a task stands, the same on every backend and to everybody. DONE and CANCELLED are final; DEAD may be redriven. */
public enum TaskState {
    /** Waits for other tasks: those it depends on, or the earlier ones of its ordering key. */
    BLOCKED,
    /** Waits for its time: delayed, or between two attempts. */
    SCHEDULED,
    /** May be claimed now. */
    READY,
    /** A live session works on it. */
    CLAIMED,
    /** Completed, once. */
    DONE,
    /** Failed for good; kept with its causes. */
    DEAD,
    /** Taken back before it was done. */
    CANCELLED;

    /** Whether it has ended: done, dead or cancelled. */
    public boolean isEnd() {
        return this == DONE || this == DEAD || this == CANCELLED;
    }
}
