package dev.agentcoord.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.FencingToken;
import dev.agentcoord.harness.Recorder.Step;
import dev.agentcoord.harness.history.Attempt;
import dev.agentcoord.harness.history.Call;
import dev.agentcoord.harness.history.Call.Outcome;
import dev.agentcoord.harness.history.Life;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryReaderIT {
    private static final FencingToken TOKEN = new FencingToken(1, 2, 3);

    private final Catalogue catalogue = new Catalogue(1);
    private final HistoryReader reader = new HistoryReader(1);

    private Path file;

    @BeforeEach
    void setUp(@TempDir Path directory) {
        file = directory.resolve("history");
    }

    @Test
    void whatWasRecordedIsReadBack() {
        try (Recorder recorder = new Recorder(file)) {
            recorder.asks(1, 5);
            recorder.isGranted(1, System.nanoTime(), TOKEN);
            recorder.begins(Step.CHECK, 1);
            recorder.ended(Step.CHECK, 1, Outcome.OK, "-");
            recorder.begins(Step.RELEASE, 1);
            recorder.ended(Step.RELEASE, 1, Outcome.OK, "-");
        }
        Attempt attempt = readOnly(Life.ended("ann"));

        assertThat(attempt.request()).isEqualTo(catalogue.get(5));
        assertThat(attempt.token()).isEqualTo(TOKEN);
        assertThat(attempt.acquire().outcome()).isEqualTo(Outcome.OK);
        assertThat(releaseOf(attempt).outcome()).isEqualTo(Outcome.OK);
        assertThat(attempt.checked())
                .isBetween(attempt.acquire().completed(), releaseOf(attempt).invoked());
        assertThat(reader.operations()).isEqualTo(3);
        assertThat(reader.undecided()).isZero();
        assertThat(reader.errors()).isEmpty();
    }

    @Test
    void aTornLineWasNeverWritten() throws IOException {
        try (Recorder recorder = new Recorder(file)) {
            recorder.asks(1, 5);
        }
        Files.writeString(file, "A 1 77 OK 00", StandardOpenOption.APPEND);

        assertThat(readOnly(Life.killed("ann", 70, 80)).acquire().outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(reader.undecided()).isZero();
    }

    @Test
    void anUnansweredCallOfOneThatLivedOnIsUndecided() {
        try (Recorder recorder = new Recorder(file)) {
            recorder.asks(1, 5);
        }
        assertThat(readOnly(Life.ended("ann")).acquire().completed()).isEqualTo(Call.NEVER);
        assertThat(reader.undecided()).isEqualTo(1);
    }

    @Test
    void aCheckThatFindsTheGrantLostEndsIt() {
        try (Recorder recorder = new Recorder(file)) {
            recorder.asks(1, 5);
            recorder.isGranted(1, System.nanoTime(), TOKEN);
            recorder.begins(Step.CHECK, 1);
            recorder.ended(Step.CHECK, 1, Outcome.LOST, "GrantLostException");
        }
        Attempt attempt = readOnly(Life.ended("ann"));

        assertThat(releaseOf(attempt).outcome()).isEqualTo(Outcome.LOST);
        assertThat(attempt.checked()).isEqualTo(attempt.acquire().completed());
    }

    @Test
    void errorsAreCountedByKind() {
        try (Recorder recorder = new Recorder(file)) {
            recorder.asks(1, 5);
            recorder.isNotGranted(1, Outcome.REFUSED, "WaitTimeoutException");
            recorder.asks(2, 6);
            recorder.isNotGranted(2, Outcome.FAILED, "StoreUnavailableException");
        }
        reader.read(Life.ended("ann"), file);

        assertThat(reader.errors())
                .containsOnlyKeys("StoreUnavailableException")
                .containsValue(1);
    }

    private static Call releaseOf(Attempt attempt) {
        return Objects.requireNonNull(attempt.release());
    }

    private Attempt readOnly(Life life) {
        reader.read(life, file);
        assertThat(reader.attempts()).hasSize(1);
        return reader.attempts().get(0);
    }
}
