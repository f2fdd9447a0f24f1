/** Text as it comes in and goes out: JSON, durations, quoting, and what a terminal may be shown. */
@NullMarked
package dev.agentcoord.runner.text;

import org.jspecify.annotations.NullMarked;
