package dev.agentcoord.fs;

import dev.agentcoord.TaskAttempt;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.queue.RetryRule;
import dev.agentcoord.core.record.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What deliveries left: a file for each, with how it ended, who had it and what was said. One without a file ended without a word. */
final class TaskNotes {
    private static final String OUTCOME = "outcome";
    private static final String AGENT = "agent";
    private static final String ENDED = "ended";

    private final QueueLayout layout;

    TaskNotes(QueueLayout layout) {
        this.layout = layout;
    }

    static byte[] encode(TaskAttempt.Outcome outcome, String agent, Instant ended, String text) {
        return encode(new LinkedHashMap<>(), outcome, agent, ended, text);
    }

    /** One that says by itself where it belongs, should a power cut take its name. */
    static byte[] encode(NoteDraft.Home home, TaskAttempt.Outcome outcome, String agent, Instant ended, String text) {
        return encode(home.fields(), outcome, agent, ended, text);
    }

    private static byte[] encode(
            Map<String, Object> fields, TaskAttempt.Outcome outcome, String agent, Instant ended, String text) {
        fields.put(OUTCOME, outcome.name().toLowerCase(Locale.ROOT));
        fields.put(AGENT, agent);
        fields.put(ENDED, ended.toString());
        return RecordFile.encode(fields, text.getBytes(StandardCharsets.UTF_8));
    }

    /** What is shown of a task beside its payload: its result, or what the latest delivery that ended said. */
    String outcome(TaskName task, TaskState state) throws IOException {
        if (state == TaskState.CANCELLED) {
            TaskAttempt cancelled = read(task, layout.reason(task.id()));
            return cancelled == null ? "" : cancelled.text();
        }
        int latest = state == TaskState.CLAIMED ? task.delivery() - 1 : task.delivery();
        TaskAttempt attempt = latest == 0 ? null : read(task, layout.note(task.withDelivery(latest)));
        if (attempt != null) {
            return attempt.text();
        }
        return state == TaskState.DEAD ? RetryRule.causeOfDeath("") : "";
    }

    /** How the latest deliveries ended. */
    List<TaskAttempt> history(TaskName task, TaskState state, int limit) throws IOException {
        int last = state == TaskState.CLAIMED ? task.delivery() - 1 : task.delivery();
        List<TaskAttempt> attempts = new ArrayList<>();
        for (int delivery = Math.max(1, last - limit + 1); delivery <= last; delivery++) {
            TaskName then = task.withDelivery(delivery);
            TaskAttempt attempt = read(then, layout.note(then));
            attempts.add(attempt != null ? attempt : silent(delivery, delivery == last && state == TaskState.DONE));
        }
        return attempts;
    }

    private static TaskAttempt silent(int delivery, boolean done) {
        return done
                ? new TaskAttempt(delivery, TaskAttempt.Outcome.DONE, "", "", null)
                : new TaskAttempt(delivery, TaskAttempt.Outcome.DIED, RetryRule.causeOfDeath(""), "", null);
    }

    /** Of one that nobody was promised a power cut may leave the name alone. */
    private @Nullable TaskAttempt read(TaskName task, Path file) throws IOException {
        try {
            byte[] content = Calls.read(file);
            if (content.length == 0) {
                return null;
            }
            RecordFile note = RecordFile.decode(file, content);
            Json.Fields fields = note.fields();
            return new TaskAttempt(
                    task.delivery(),
                    fields.constant(OUTCOME, TaskAttempt.Outcome.class),
                    new String(note.body(), StandardCharsets.UTF_8),
                    fields.text(AGENT),
                    fields.instant(ENDED));
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Removes what deliveries of a task left that is gone, if it can; notes of more than so many are left for nobody to find. */
    void remove(TaskName task) {
        for (int delivery = task.delivery(); delivery >= Math.max(0, task.delivery() - 10_000); delivery--) {
            layout.note(task.withDelivery(delivery)).toFile().delete();
        }
        layout.reason(task.id()).toFile().delete();
    }
}
