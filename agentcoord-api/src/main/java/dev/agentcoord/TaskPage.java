package dev.agentcoord;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One page of a listing of tasks, and where the next one starts.
 *
 * @param tasks in delivery order; scheduled ones by their time
 * @param cursor opaque; null after the last page
 */
public record TaskPage(List<TaskInfo> tasks, @Nullable String cursor) {
    /** Copies. */
    public TaskPage {
        tasks = List.copyOf(tasks);
    }

    /** What to ask for next with, unless this was the last page. */
    public Optional<String> next() {
        return Optional.ofNullable(cursor);
    }
}
