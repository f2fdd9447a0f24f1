/** The run of one agent: its processes, its session, and the end of both. */
@NullMarked
package dev.agentcoord.runner.session;

import org.jspecify.annotations.NullMarked;
