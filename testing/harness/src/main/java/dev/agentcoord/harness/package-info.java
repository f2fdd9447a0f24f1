/** Simulated agents as real processes, faults, and the check of what they did. */
@NullMarked
package dev.agentcoord.harness;

import org.jspecify.annotations.NullMarked;
