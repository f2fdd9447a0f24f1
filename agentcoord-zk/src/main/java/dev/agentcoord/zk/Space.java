package dev.agentcoord.zk;

import dev.agentcoord.core.TimeSource;

/**
 * A space that was found, and how.
 *
 * @param options how to reach it
 * @param time the clocks of this machine
 * @param node its root
 */
record Space(ZkOptions options, TimeSource time, SpaceNode node) {}
