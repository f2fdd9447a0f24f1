/** Real ZooKeeper servers for tests, simulations and measurements: started as processes, then killed, stopped and cut off. */
@NullMarked
package dev.agentcoord.ensemble;

import org.jspecify.annotations.NullMarked;
