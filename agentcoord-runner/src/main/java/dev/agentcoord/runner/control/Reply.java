package dev.agentcoord.runner.control;

/** Where a command writes. Lines are made safe for a terminal on their way. Thread-safe. */
public interface Reply {
    /** One line of data. */
    void out(String line);

    /** One line of diagnostics. */
    void err(String line);

    /** Bytes of data as they are. */
    void raw(byte[] bytes);

    /** Sends at once what was written so far; needed only before a wait. */
    void flush();
}
