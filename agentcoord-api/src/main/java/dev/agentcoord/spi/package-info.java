/** What a backend author implements: how facts are stored, ordered and watched. What follows from the facts is in the core. */
@NullMarked
package dev.agentcoord.spi;

import org.jspecify.annotations.NullMarked;
