/** A private tmux server for each agent, driven by argument lists, never by shell strings. */
@NullMarked
package dev.agentcoord.runner.tmux;

import org.jspecify.annotations.NullMarked;
