package dev.agentcoord.fs;

/** Whether a call that writes state or tasks returns only once what it wrote is on the disk. Locks and sessions end with the boot and never wait for it. */
public enum Durability {
    /** On the disk when the call returns, so that no power cut takes it back; concurrent callers of a process share the wait. */
    SYNCED,
    /** On the disk when the system likes, seconds later: survives any process, not a power cut, which may also take it back in part. */
    UNSYNCED
}
