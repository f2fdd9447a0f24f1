package dev.agentcoord;

/** What others can prove about a session from its processes, its heartbeat and its boot; silence alone never proves that it is dead. */
public enum Liveness {
    /** Its process is there and beats. */
    ALIVE,
    /** Its process is there but silent: stopped, swapped or hung. Shown, never broken silently. */
    SUSPECT,
    /** Proven dead; whatever it held is void. */
    DEAD
}
