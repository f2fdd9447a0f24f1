package dev.agentcoord.fs;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.TaskId;
import dev.agentcoord.core.record.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

    /** All that are left in a directory; what is something else counts for nothing. */
    static List<NoteDraft> in(Path tmp) throws IOException {
        List<NoteDraft> drafts = new ArrayList<>();
        for (String name : Disk.listIfThere(tmp)) {
            Path file = tmp.resolve(name);
            try {
                byte[] content = Calls.read(file);
                Json.Fields fields = RecordFile.decode(file, content).fields();
                if (fields.has(QUEUE) && fields.has(TASK) && fields.has(DELIVERY)) {
                    Home home = fields.into(
                            its -> new Home(its.text(QUEUE), new TaskId(its.text(TASK)), its.integer(DELIVERY)));
                    drafts.add(new NoteDraft(home, content));
                }
            } catch (IOException | CoordinationException e) {
                continue;
            }
        }
        return drafts;
    }
}
