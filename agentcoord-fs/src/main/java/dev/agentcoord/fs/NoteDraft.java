package dev.agentcoord.fs;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.TaskId;
import dev.agentcoord.core.record.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A note on a delivery as it was put onto the disk, under the name of a draft. Its name as a note follows with the task's; a power cut can
 * leave, as on btrfs, the task with its new name and the note without.
 *
 * @param home where it belongs
 * @param content of the file
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record NoteDraft(Home home, byte[] content) {
    private static final String QUEUE = "queue";
    private static final String TASK = "task";
    private static final String DELIVERY = "delivery";

    /**
     * The delivery that a note is on.
     *
     * @param queue of the task
     * @param task its id
     * @param delivery its number
     */
    record Home(String queue, TaskId task, int delivery) {
        Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put(QUEUE, queue);
            fields.put(TASK, task.text());
            fields.put(DELIVERY, delivery);
            return fields;
        }
    }

    /** What a file says; null where it is something else. */
    static @Nullable NoteDraft read(Path file) {
        try {
            byte[] content = Calls.read(file);
            Json.Fields fields = RecordFile.decode(file, content).fields();
            if (!fields.has(QUEUE) || !fields.has(TASK) || !fields.has(DELIVERY)) {
                return null;
            }
            return new NoteDraft(fields.into(NoteDraft::home), content);
        } catch (IOException | CoordinationException e) {
            return null;
        }
    }

    private static Home home(Json.Fields fields) {
        return new Home(fields.text(QUEUE), new TaskId(fields.text(TASK)), fields.integer(DELIVERY));
    }
}
