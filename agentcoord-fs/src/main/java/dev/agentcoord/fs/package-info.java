/** Coordination of agents on one host through a directory. */
@NullMarked
package dev.agentcoord.fs;

import org.jspecify.annotations.NullMarked;
