/** What agents did, and the rules that every such history must keep. Pure: no I/O, no clock. */
@NullMarked
package dev.agentcoord.harness.history;

import org.jspecify.annotations.NullMarked;
