package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.NewTask;
import dev.agentcoord.TaskId;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordFileTest {
    private static final Path FILE = Path.of("store", "record");

    @Test
    void whatIsWrittenIsReadBack() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("key", "a\nb\"c\u0001é");
        fields.put("revision", 7);
        byte[] body = {0, '\n', -1, 10, 13};
        RecordFile record = RecordFile.decode(FILE, RecordFile.encode(fields, body));
        assertThat(record.fields().text("key")).isEqualTo("a\nb\"c\u0001é");
        assertThat(record.fields().number("revision")).isEqualTo(7);
        assertThat(record.body()).isEqualTo(body);
    }

    @Test
    void everyCutAndEveryFlippedBitIsNoticed() {
        byte[] whole = RecordFile.encode(Map.of("key", "k"), "value".getBytes(StandardCharsets.UTF_8));
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> RecordFile.decode(FILE, cut)).isInstanceOf(CorruptRecordException.class);
        }
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> RecordFile.decode(FILE, flipped))
                    .as("bit %s of %s", bit, new String(flipped, StandardCharsets.ISO_8859_1))
                    .isInstanceOf(CorruptRecordException.class);
        }
    }

    @Test
    void ofSeveralRecordsTheOneMeantIsFoundWhateverIsInTheOthers() {
        Map<String, String> odd = Map.of("x", "\"bytes\":9\n{\"id\":\"t-2\",");
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < 3; i++) {
            NewTask task = NewTask.of("payload " + i + "\n{\"id\":\"t-2\",\"bytes\":3}\n")
                    .headers(odd);
            all.writeBytes(
                    TaskFile.of(task, new TaskId("t-" + i), Instant.EPOCH).encode());
        }
        byte[] content = all.toByteArray();
        for (int i = 0; i < 3; i++) {
            TaskFile found = TaskFile.decode(FILE, content, new TaskId("t-" + i));
            assertThat(new String(found.task().payload(), StandardCharsets.UTF_8))
                    .startsWith("payload " + i);
            assertThat(found.task().headers()).isEqualTo(odd);
        }
        assertThatThrownBy(() -> TaskFile.decode(FILE, content, new TaskId("t-3")))
                .isInstanceOf(CorruptRecordException.class);
        for (int length = 0; length < content.length; length++) {
            byte[] cut = Arrays.copyOf(content, length);
            assertThatThrownBy(() -> TaskFile.decode(FILE, cut, new TaskId("t-2")))
                    .isInstanceOf(CorruptRecordException.class);
        }
    }

    @Test
    void aDamagedRecordIsNamed() {
        assertThatThrownBy(() -> RecordFile.decode(FILE, new byte[] {'x'}))
                .hasMessageContaining(FILE.toString())
                .hasMessageContaining("move it away");
    }

    @Test
    void aTaskComesBackAsItWasEnqueued() {
        NewTask task = NewTask.of("payload").priority(2).maxAttempts(7).headers(Map.of("file", "src/A.java"));
        TaskFile file = TaskFile.of(task, new TaskId("t-1"), Instant.ofEpochMilli(1_234));
        TaskFile read = TaskFile.decode(FILE, file.encode(), file.id());
        assertThat(read.id()).isEqualTo(file.id());
        assertThat(read.enqueued()).isEqualTo(file.enqueued());
        assertThat(read.task().payload()).isEqualTo(task.payload());
        assertThat(read.task().priority()).isEqualTo(2);
        assertThat(read.task().maxAttempts()).isEqualTo(7);
        assertThat(read.task().headers()).isEqualTo(task.headers());
    }
}
