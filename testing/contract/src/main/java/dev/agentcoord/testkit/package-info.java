/** What every backend must pass, and what its tests need from the machine. */
@NullMarked
package dev.agentcoord.testkit;

import org.jspecify.annotations.NullMarked;
