package dev.agentcoord.benchmarks;

/** A queue as one thread uses it. Not thread-safe. */
interface WorkLine extends AutoCloseable {
    /** Adds a task. */
    void put(String payload);

    /** Takes a task and acknowledges it; false if none came for a while. */
    boolean takeAndFinish();

    @Override
    void close();
}
