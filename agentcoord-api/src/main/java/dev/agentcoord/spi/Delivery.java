package dev.agentcoord.spi;

import dev.agentcoord.FencingToken;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.core.lock.Ticket;
import java.util.List;

/**
 * One task handed to one session.
 *
 * @param task as claimed, this attempt counted
 * @param number delivery number of the task, raised by every claim and never reset
 * @param token fences this delivery
 * @param locks granted tickets of the task, earliest first, their generation the delivery number; those that waited are gone
 */
public record Delivery(TaskInfo task, int number, FencingToken token, List<Ticket> locks) {
    /** Copies the list. */
    public Delivery {
        locks = List.copyOf(locks);
    }

    /** Of a task without locks. */
    public Delivery(TaskInfo task, int number, FencingToken token) {
        this(task, number, token, List.of());
    }

    /** With the locks that come along. */
    public Delivery with(List<Ticket> inherited) {
        return new Delivery(task, number, token, inherited);
    }
}
