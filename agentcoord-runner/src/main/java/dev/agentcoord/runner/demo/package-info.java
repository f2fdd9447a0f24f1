/**
 * The demonstration: the same agents work on the same tasks in one checkout, first without agentcoord and then with it, and the
 * result is counted in files and git history.
 */
@NullMarked
package dev.agentcoord.runner.demo;

import org.jspecify.annotations.NullMarked;
