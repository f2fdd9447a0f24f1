package dev.agentcoord.harness.history;

/**
 * A listing of all live requests showed a session waiting: its request had its place in the order when the listing ended.
 *
 * @param life name of the waiting session's life
 * @param position of its request
 * @param invoked nanoseconds before the listing began
 * @param completed nanoseconds after it ended
 */
public record Sighting(String life, long position, long invoked, long completed) {}
