/** The queue rules as pure decisions: what a failure leads to, how long to back off, when a task is dead. */
@NullMarked
package dev.agentcoord.core.queue;

import org.jspecify.annotations.NullMarked;
