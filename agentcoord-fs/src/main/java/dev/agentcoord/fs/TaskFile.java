package dev.agentcoord.fs;

import dev.agentcoord.NewTask;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.record.Json;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a task's file says: written once, before the task appears.
 *
 * @param task payload and settings
 * @param id chosen by the client or made for it
 * @param enqueued by the enqueuer's wall clock
 */
record TaskFile(NewTask task, TaskId id, Instant enqueued) {
    private static final String ID = "id";
    private static final String ENQUEUED = "enqueued";
    private static final String PRIORITY = "priority";
    private static final String ATTEMPTS = "maxAttempts";
    private static final String HEADERS = "headers";

    byte[] encode() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(ID, id.text());
        fields.put(ENQUEUED, enqueued.toString());
        fields.put(PRIORITY, task.priority());
        fields.put(ATTEMPTS, task.maxAttempts());
        fields.put(HEADERS, task.headers());
        return RecordFile.encode(fields, task.payload());
    }

    /** Reads one; throws {@link dev.agentcoord.CorruptRecordException} naming the file when it is not whole. */
    static TaskFile decode(Path file, byte[] content) {
        RecordFile record = RecordFile.decode(file, content);
        Json.Fields fields = record.fields();
        NewTask task = NewTask.of(record.body())
                .priority((int) fields.number(PRIORITY))
                .maxAttempts((int) fields.number(ATTEMPTS))
                .headers(fields.textMap(HEADERS));
        return new TaskFile(task, new TaskId(fields.text(ID)), Instant.parse(fields.text(ENQUEUED)));
    }

    TaskInfo info(TaskState state, int attempt, String outcome) {
        return new TaskInfo(task, id, state, attempt, enqueued, outcome);
    }
}
