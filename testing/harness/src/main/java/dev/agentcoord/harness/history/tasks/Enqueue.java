package dev.agentcoord.harness.history.tasks;

import dev.agentcoord.harness.history.Call;
import dev.agentcoord.harness.history.Life;

/**
 * One call that enqueued a task; there may be several of one task.
 *
 * @param life the session that called
 * @param call when and how
 * @param task what it enqueued
 */
public record Enqueue(Life life, Call call, TaskSpec task) {}
