/**
 * The algebra of paths: what one path is, what a pattern matches, and whether two patterns can meet. Pure functions of
 * their arguments: no I/O, no clock, immutable and safe for use from any thread.
 */
@NullMarked
package dev.agentcoord.core.path;

import org.jspecify.annotations.NullMarked;
