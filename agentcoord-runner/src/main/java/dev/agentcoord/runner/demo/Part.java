package dev.agentcoord.runner.demo;

import java.io.IOException;

/** One way for the agents to do their tasks. */
interface Part extends AutoCloseable {
    /** Starts all agents. */
    void start() throws IOException, InterruptedException;

    /** Whether every agent has ended; to be asked again and again until then. */
    boolean isOver() throws IOException;

    @Override
    void close();
}
