/** The command line and the runner that gives an agent a session for as long as it lives. */
@NullMarked
package dev.agentcoord.runner;

import org.jspecify.annotations.NullMarked;
