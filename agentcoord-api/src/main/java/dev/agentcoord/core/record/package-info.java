/** The records every backend stores, as bytes: one JSON codec and the one form of a session's record. No I/O. Not for users. */
@NullMarked
package dev.agentcoord.core.record;

import org.jspecify.annotations.NullMarked;
