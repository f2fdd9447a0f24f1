package dev.agentcoord.spi;

import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.Verdict;

/**
 * A ticket that was placed and the verdict at that very point of the total order.
 *
 * @param ticket as placed; where the verdict is blocked and it was not to be kept, it is already gone again
 * @param verdict granted or blocked
 */
public record Placement(Ticket ticket, Verdict verdict) {}
