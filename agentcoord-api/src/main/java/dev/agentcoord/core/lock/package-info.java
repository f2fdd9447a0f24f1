/** The lock rules as pure decisions over live tickets: who is granted, who blocks whom, which waits form a cycle. */
@NullMarked
package dev.agentcoord.core.lock;

import org.jspecify.annotations.NullMarked;
