/** The rules that every history of shared state must keep. Pure: no I/O, no clock. */
@NullMarked
package dev.agentcoord.harness.history.state;

import org.jspecify.annotations.NullMarked;
