/** One-file programs that show one thing each. */
@NullMarked
package dev.agentcoord.examples;

import org.jspecify.annotations.NullMarked;
