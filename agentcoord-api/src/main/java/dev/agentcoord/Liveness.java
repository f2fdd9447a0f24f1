package dev.agentcoord;

/** What others can prove about a session. */
public enum Liveness {
    /** Its process is there and beats. */
    ALIVE,
    /** Its process is there but silent: stopped, swapped or hung. Shown, never broken silently. */
    SUSPECT,
    /** Proven dead; whatever it held is void. */
    DEAD
}
