package dev.agentcoord.benchmarks;

/** A server that is measured beside us, ours to end. */
interface Peer extends AutoCloseable {
    /** On loopback. */
    int port();

    @Override
    void close();
}
