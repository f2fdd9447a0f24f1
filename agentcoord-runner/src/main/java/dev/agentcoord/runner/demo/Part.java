package dev.agentcoord.runner.demo;

import java.io.IOException;

/** One way for the agents to do their tasks. */
interface Part {
    /** Starts all agents. */
    void start() throws IOException, InterruptedException;

    /** Whether every agent has ended. */
    boolean isOver() throws IOException, InterruptedException;
}
