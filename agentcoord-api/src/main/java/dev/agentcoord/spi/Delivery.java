package dev.agentcoord.spi;

import dev.agentcoord.FencingToken;
import dev.agentcoord.TaskInfo;

/**
 * One task handed to one session.
 *
 * @param task as claimed, this attempt counted
 * @param number delivery number of the task, raised by every claim and never reset
 * @param token fences this delivery
 */
public record Delivery(TaskInfo task, int number, FencingToken token) {}
