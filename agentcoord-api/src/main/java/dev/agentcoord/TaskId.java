package dev.agentcoord;

import dev.agentcoord.core.Canonical;

/**
 * Names one task in its queue; chosen by the client or made by agentcoord. An id chosen by the client makes a repeated enqueue harmless.
 *
 * @param text 1 to 64 characters of {@code [A-Za-z0-9._-]}, not starting with a dot or dash
 */
public record TaskId(String text) implements Comparable<TaskId> {
    /** Validates; throws {@link InvalidRequestException}. */
    public TaskId {
        text = Canonical.taskId(text);
    }

    @Override
    public int compareTo(TaskId other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
