/** Which store and space a command belongs to, and how it is opened. */
@NullMarked
package dev.agentcoord.runner.store;

import org.jspecify.annotations.NullMarked;
