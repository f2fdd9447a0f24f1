/** Port leases, built from pools, shared state and a look at the machine's sockets; the same on every backend. */
@NullMarked
package dev.agentcoord.ports;

import org.jspecify.annotations.NullMarked;
