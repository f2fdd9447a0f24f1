/** Turns the core's rules and a backend's facts into the public API: sessions, waits, grants and their loss. Not for users. */
@NullMarked
package dev.agentcoord.engine;

import org.jspecify.annotations.NullMarked;
