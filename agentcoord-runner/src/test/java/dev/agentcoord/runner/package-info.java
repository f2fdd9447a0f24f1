/** What the tests of several packages use. */
@NullMarked
package dev.agentcoord.runner;

import org.jspecify.annotations.NullMarked;
