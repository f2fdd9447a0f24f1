package dev.agentcoord;

/**
 * One process for as long as it lives: a pid alone is reused, a pid with its start ticks within one boot is not.
 *
 * @param pid as seen in its own pid namespace
 * @param startTicks field 22 of {@code /proc/<pid>/stat}, raw clock ticks since boot
 */
public record ProcessId(long pid, long startTicks) {}
