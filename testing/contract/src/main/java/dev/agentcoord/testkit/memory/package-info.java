/** A backend that keeps its facts in memory and decides by the shared rules alone: the model that other backends are compared with. */
@NullMarked
package dev.agentcoord.testkit.memory;

import org.jspecify.annotations.NullMarked;
