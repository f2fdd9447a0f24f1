/** Coordination of agents on many hosts through ZooKeeper. */
@NullMarked
package dev.agentcoord.zk;

import org.jspecify.annotations.NullMarked;
