/** Measurements against floors and peers. */
@NullMarked
package dev.agentcoord.benchmarks;

import org.jspecify.annotations.NullMarked;
