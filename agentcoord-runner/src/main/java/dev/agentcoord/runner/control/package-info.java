/** The Unix socket on which a runner answers the commands of its agent (docs/protocol.md). */
@NullMarked
package dev.agentcoord.runner.control;

import org.jspecify.annotations.NullMarked;
