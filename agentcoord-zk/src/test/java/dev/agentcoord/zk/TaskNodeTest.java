package dev.agentcoord.zk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.NewTask;
import dev.agentcoord.TaskAttempt;
import dev.agentcoord.TaskId;
import dev.agentcoord.core.record.Json;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A znode whose content no version of ours writes: somebody's hand, or a newer version. */
final class TaskNodeTest {
    private static final String PATH = "/space/queues/q/tasks/t1";
    private static final TaskId ID = new TaskId("t1");

    @Test
    void a_task_is_read_as_it_was_written() {
        assertThat(TaskNode.decode(PATH, ID, task().encode()).encode()).isEqualTo(task().encode());
    }

    @Test
    void a_number_that_no_task_has_is_an_error_and_never_cut_to_another() {
        assertCorrupt("priority", 4294967299L);
        assertCorrupt("priority", 10);
        assertCorrupt("maxAttempts", 4294967303L);
        assertCorrupt("maxAttempts", 0);
        assertCorrupt("attempt", 4294967297L);
        assertCorrupt("delivery", 4294967297L);
        assertCorrupt("outcomeBytes", 4294967296L);
        assertCorrupt("outcomeBytes", -1);
        assertCorrupt("outcomeBytes", 1000);
        assertCorrupt("parkMillis", -1);
    }

    @Test
    void a_word_or_moment_that_no_task_has_is_an_error() {
        assertCorrupt("state", "ajar");
        assertCorrupt("enqueued", "yesterday");
        assertCorrupt("target", "no/agent");
        assertCorrupt("dependsOn", List.of("no/task"));
        assertCorrupt("headers", List.of());
    }

    @Test
    void an_attempt_that_ended_as_none_does_is_an_error() {
        byte[] attempt = with(TaskNode.attempt(TaskAttempt.Outcome.FAILED, "carol", 5, "why"), "outcome", "shrugged");

        assertThatExceptionOfType(CorruptRecordException.class)
                .isThrownBy(() -> TaskNode.attempt(PATH, 1, attempt))
                .withMessageContaining(PATH);
    }

    private static TaskNode task() {
        NewTask what = NewTask.of("payload")
                .priority(3)
                .maxAttempts(7)
                .headers(Map.of("for", "people"))
                .dedupKey("d")
                .orderingKey("o")
                .target("carol")
                .requires(Set.of("java"))
                .dependsOn(Set.of(new TaskId("t0")))
                .parkTimeout(Duration.ofSeconds(5));
        TaskNode task = new TaskNode(what, ID, 9, "session", Instant.parse("2026-01-01T00:00:00.123Z"));
        task.outcome = "half done";
        task.attempt = 2;
        task.delivery = 3;
        return task;
    }

    private static void assertCorrupt(String field, Object value) {
        byte[] changed = with(task().encode(), field, value);

        assertThatExceptionOfType(CorruptRecordException.class)
                .isThrownBy(() -> TaskNode.decode(PATH, ID, changed))
                .withMessageContaining(PATH);
    }

    private static byte[] with(byte[] data, String field, Object value) {
        int end = 0;
        while (data[end] != '\n') {
            end++;
        }
        Map<String, Object> fields =
                new LinkedHashMap<>(Json.read(PATH, Arrays.copyOf(data, end)).map());
        assertThat(fields).containsKey(field);
        fields.put(field, value);
        ByteArrayOutputStream changed = new ByteArrayOutputStream();
        changed.writeBytes(Json.write(fields));
        changed.write(data, end + 1, data.length - end - 1);
        return changed.toByteArray();
    }
}
