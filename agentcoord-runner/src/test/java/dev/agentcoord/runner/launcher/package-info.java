/** Tests of the launcher at the root of the repository, with stand-ins for all that it calls. */
@NullMarked
package dev.agentcoord.runner.launcher;

import org.jspecify.annotations.NullMarked;
