/** The rules that every history of task queues must keep. Pure: no I/O, no clock. */
@NullMarked
package dev.agentcoord.harness.history.tasks;

import org.jspecify.annotations.NullMarked;
