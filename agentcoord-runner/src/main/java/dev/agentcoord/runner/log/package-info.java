/** The agent's output as kept and as shown. */
@NullMarked
package dev.agentcoord.runner.log;

import org.jspecify.annotations.NullMarked;
