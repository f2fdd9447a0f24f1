package dev.agentcoord;

/**
 * A session as others see it.
 *
 * @param info its immutable record
 * @param liveness what can be proven about it now
 */
public record SessionView(SessionInfo info, Liveness liveness) {}
