package dev.agentcoord;

/** Why a grant stopped being held without its owner releasing it; told to the grant's listeners and by every later call. */
public enum LossCause {
    /** The session that owned it is lost. */
    SESSION_LOST,
    /** Somebody broke it on purpose, with a recorded reason. */
    STOLEN,
    /** The store was wiped or replaced under its users. */
    RESET,
    /** It belongs to a task, and the claim under which it was held is over: finished, handed off, or the task is another's. */
    CLAIM_ENDED
}
