/** The rules every backend shares, decided from facts alone: no I/O, no clock inside a decision. Not for users. */
@NullMarked
package dev.agentcoord.core;

import org.jspecify.annotations.NullMarked;
