package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.NewTask;
import dev.agentcoord.TaskId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A record whose checksum is right and whose content no version of ours writes: somebody's hand, or a newer version. */
final class TaskFileTest {
    private static final Path FILE = Path.of("tasks", "t1");
    private static final TaskId ID = new TaskId("t1");
    private static final TaskFile TASK = TaskFile.of(
            NewTask.of("payload")
                    .priority(3)
                    .maxAttempts(7)
                    .headers(Map.of("for", "people"))
                    .dedupKey("d")
                    .orderingKey("o")
                    .target("carol")
                    .requires(Set.of("java"))
                    .dependsOn(Set.of(new TaskId("t0")))
                    .parkTimeout(Duration.ofSeconds(5)),
            ID,
            Instant.parse("2026-01-01T00:00:00.123Z"));

    @Test
    void a_task_is_read_as_it_was_written() {
        assertThat(TaskFile.decode(FILE, TASK.encode(), ID).encode()).isEqualTo(TASK.encode());
    }

    @Test
    void a_task_that_was_put_with_a_delay_is_due_after_it() {
        TaskFile later = TaskFile.of(NewTask.of("").delay(Duration.ofSeconds(1)), ID, TASK.enqueued());

        assertThat(TaskFile.decode(FILE, later.encode(), ID).due())
                .isEqualTo(TASK.enqueued().plusSeconds(1).toEpochMilli());
    }

    @Test
    void a_number_that_no_task_has_is_an_error_and_never_cut_to_another() {
        assertCorrupt("priority", 4294967299L);
        assertCorrupt("priority", 10);
        assertCorrupt("priority", -1);
        assertCorrupt("maxAttempts", 4294967303L);
        assertCorrupt("maxAttempts", 0);
        assertCorrupt("parkMillis", -1);
    }

    @Test
    void a_word_or_moment_that_no_task_has_is_an_error() {
        assertCorrupt("enqueued", "yesterday");
        assertCorrupt("target", "no/agent");
        assertCorrupt("dependsOn", List.of("no/task"));
        assertCorrupt("headers", List.of());
    }

    private static void assertCorrupt(String field, Object value) {
        RecordFile whole = RecordFile.decode(FILE, TASK.encode());
        Map<String, Object> fields = new LinkedHashMap<>(whole.fields().map());
        assertThat(fields).containsKey(field);
        fields.put(field, value);
        byte[] record = RecordFile.encode(fields, whole.body());

        assertThatExceptionOfType(CorruptRecordException.class)
                .isThrownBy(() -> TaskFile.decode(FILE, record, ID))
                .withMessageContaining(FILE.toString());
    }
}
