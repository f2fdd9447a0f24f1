package dev.agentcoord.fs;

import dev.agentcoord.NewTask;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.queue.ParkRule;
import dev.agentcoord.core.record.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a task's file says: written once, before the task appears. Tasks of one batch share a file, one record after the other, so that
 * one sync serves them all.
 *
 * @param task payload and settings
 * @param id chosen by the client or made for it
 * @param enqueued by the enqueuer's wall clock
 * @param due milliseconds since the epoch before which it may not be claimed
 */
record TaskFile(NewTask task, TaskId id, Instant enqueued, long due) {
    private static final String ID = "id";
    private static final String ENQUEUED = "enqueued";
    private static final String PRIORITY = "priority";
    private static final String ATTEMPTS = "maxAttempts";
    private static final String HEADERS = "headers";
    private static final String DEDUP = "dedupKey";
    private static final String ORDERING = "orderingKey";
    private static final String TARGET = "target";
    private static final String CAPABILITIES = "capabilities";
    private static final String DEPENDS = "dependsOn";
    private static final String DUE = "dueMillis";
    private static final String PARK = "parkMillis";

    static TaskFile of(NewTask task, TaskId id, Instant now) {
        return new TaskFile(task, id, now, now.toEpochMilli() + task.delay().toMillis());
    }

    byte[] encode() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(ID, id.text());
        fields.put(ENQUEUED, enqueued.toString());
        fields.put(PRIORITY, task.priority());
        fields.put(ATTEMPTS, task.maxAttempts());
        fields.put(HEADERS, task.headers());
        if (!task.delay().isZero()) {
            fields.put(DUE, due);
        }
        task.dedupKey().ifPresent(key -> fields.put(DEDUP, key));
        task.orderingKey().ifPresent(key -> fields.put(ORDERING, key));
        task.target().ifPresent(agent -> fields.put(TARGET, agent));
        if (!task.capabilities().isEmpty()) {
            fields.put(CAPABILITIES, new TreeSet<>(task.capabilities()));
        }
        if (!task.dependsOn().isEmpty()) {
            fields.put(DEPENDS, new TreeSet<>(task.dependsOn()));
        }
        if (!task.parkTimeout().equals(ParkRule.PARK_TIMEOUT)) {
            fields.put(PARK, task.parkTimeout().toMillis());
        }
        return RecordFile.encode(fields, task.payload());
    }

    /** Reads the record of a task; throws {@link dev.agentcoord.CorruptRecordException} naming the file when it is not whole or not there. */
    static TaskFile decode(Path file, byte[] content, TaskId id) {
        RecordFile record = RecordFile.find(file, content, beginning(id));
        if (record == null) {
            throw Json.corrupt(file, "it has no record of task " + id, null);
        }
        return decode(record);
    }

    /** Whether a file has the record of a task in full length, at a fraction of the cost of reading it. */
    static boolean isIn(Path file, byte[] content, TaskId id) {
        return RecordFile.cut(file, content, beginning(id)) != null;
    }

    private static String beginning(TaskId id) {
        return "{\"" + ID + "\":\"" + id + "\",";
    }

    private static TaskFile decode(RecordFile record) {
        return record.fields().into(fields -> decode(fields, record.body()));
    }

    private static TaskFile decode(Json.Fields fields, byte[] payload) {
        NewTask task = NewTask.of(payload)
                .priority(fields.integer(PRIORITY))
                .maxAttempts(fields.integer(ATTEMPTS))
                .headers(fields.textMap(HEADERS));
        task = fields.has(DEDUP) ? task.dedupKey(fields.text(DEDUP)) : task;
        task = fields.has(ORDERING) ? task.orderingKey(fields.text(ORDERING)) : task;
        task = fields.has(TARGET) ? task.target(fields.text(TARGET)) : task;
        task = fields.has(CAPABILITIES) ? task.requires(Set.copyOf(fields.texts(CAPABILITIES))) : task;
        if (fields.has(DEPENDS)) {
            List<String> ids = new ArrayList<>(fields.texts(DEPENDS));
            task = task.dependsOn(ids.stream().map(TaskId::new).collect(Collectors.toSet()));
        }
        task = fields.has(PARK) ? task.parkTimeout(Duration.ofMillis(fields.number(PARK))) : task;
        Instant enqueued = fields.instant(ENQUEUED);
        long due = fields.has(DUE) ? fields.number(DUE) : enqueued.toEpochMilli();
        return new TaskFile(task, new TaskId(fields.text(ID)), enqueued, due);
    }

    TaskInfo info(TaskState state, int attempt, String outcome) {
        return new TaskInfo(task, id, state, attempt, enqueued, outcome);
    }
}
