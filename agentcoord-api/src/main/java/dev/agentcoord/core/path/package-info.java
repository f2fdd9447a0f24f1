/** Canonical paths, globs and their exact overlap, decided lexically. */
@NullMarked
package dev.agentcoord.core.path;

import org.jspecify.annotations.NullMarked;
