/** The commands. One class each; the same code serves a fresh JVM and the runner's socket. */
@NullMarked
package dev.agentcoord.runner.cli;

import org.jspecify.annotations.NullMarked;
