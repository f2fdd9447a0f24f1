package dev.agentcoord;

/** Where a session stands, as its owner sees it; each change is told to its listeners in order. LOST and CLOSED are final. */
public enum SessionStatus {
    /** All holds are guaranteed. */
    CONNECTED,
    /** Holds may still be ours but are not guaranteed past {@link Session#safeFor()}. */
    SUSPENDED,
    /** Every grant, claim and ephemeral key is void for ever. */
    LOST,
    /** Closed by its owner; everything was released. */
    CLOSED
}
