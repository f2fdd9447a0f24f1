package dev.agentcoord.harness.history.state;

/** What a backend promises of its plain reads. */
public enum StatePromise {
    /** They return what is there at a moment of the call. */
    LINEARIZABLE,
    /** They may return what was there before, but not before the session's own latest write. */
    OWN_WRITES
}
