package dev.agentcoord.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.FencingToken;
import dev.agentcoord.harness.Recorder.Kind;
import dev.agentcoord.harness.Recorder.Step;
import dev.agentcoord.harness.history.Attempt;
import dev.agentcoord.harness.history.Call;
import dev.agentcoord.harness.history.Call.Outcome;
import dev.agentcoord.harness.history.Life;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryReaderIT {
    private static final FencingToken TOKEN = new FencingToken(1, 2, 3);

    private final Catalogue catalogue = new Catalogue(1);
    private final HistoryReader reader = new HistoryReader(1, false);

    private Path file;

    @BeforeEach
    void setUp(@TempDir Path directory) {
        file = directory.resolve("history");
    }

    private void recordOneChecked(Outcome check, String error) {
        try (Recorder recorder = new Recorder(file)) {
            recorder.asks(1, 5);
            recorder.isGranted(1, System.nanoTime(), TOKEN);
            recorder.begins(Step.CHECK, 1);
            recorder.ended(Step.CHECK, 1, check, error);
            recorder.begins(Step.RELEASE, 1);
            recorder.ended(Step.RELEASE, 1, Outcome.OK, "-");
        }
    }

    @Test
    void whatWasRecordedIsReadBack() {
        recordOneChecked(Outcome.OK, "-");
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
    void whereSilenceEndsSessionsALostOneIsUncertainAndSoIsItsLastGrant() {
        try (Recorder recorder = new Recorder(file)) {
            for (int attempt = 1; attempt <= 2; attempt++) {
                recorder.asks(attempt, 5);
                recorder.isGranted(attempt, System.nanoTime(), TOKEN);
                recorder.holds(attempt, System.nanoTime());
                recorder.begins(Step.RELEASE, attempt);
                recorder.ended(Step.RELEASE, attempt, Outcome.OK, "-");
            }
            int close = recorder.begins(Kind.SESSION, "close");
            recorder.ended(Kind.SESSION, close, System.nanoTime(), Outcome.LOST, "-");
        }
        HistoryReader silent = new HistoryReader(1, true);
        silent.read(Life.ended("ann"), file);
        List<Attempt> attempts = silent.attempts();

        assertThat(silent.sessionsLost()).isEqualTo(1);
        assertThat(silent.operations()).isEqualTo(5);
        assertThat(attempts).allMatch(each -> each.life().isUncertain());
        assertThat(attempts).extracting(each -> releaseOf(each).outcome()).containsExactly(Outcome.OK, Outcome.LOST);
        assertThat(attempts).allMatch(each -> each.checked() > each.acquire().completed());
    }

    @Test
    void whereSilenceEndsSessionsADoubtThatPassesIsNoLoss() {
        recordOneChecked(Outcome.LOST, "GrantLostException");
        HistoryReader silent = new HistoryReader(1, true);
        silent.read(Life.ended("ann"), file);

        assertThat(releaseOf(silent.attempts().get(0)).outcome()).isEqualTo(Outcome.OK);
        assertThat(releaseOf(readOnly(Life.ended("ann"))).outcome()).isEqualTo(Outcome.LOST);
    }

    @Test
    void aStallIsTheLongestTimeWithoutAnAnswerThatDidSomething() {
        try (Recorder recorder = new Recorder(file)) {
            int first = recorder.begins(Kind.STATE, "get k/1");
            recorder.ended(Kind.STATE, first, 1_000, Outcome.OK, "0 -");
            int second = recorder.begins(Kind.STATE, "get k/1");
            recorder.ended(Kind.STATE, second, 3_000, Outcome.FAILED, "StoreUnavailableException");
            int third = recorder.begins(Kind.STATE, "get k/1");
            recorder.ended(Kind.STATE, third, 5_000, Outcome.OK, "0 -");
        }
        reader.read(Life.ended("ann"), file);

        assertThat(reader.longestStall(500, 5_500)).isEqualTo(Duration.ofNanos(4_000));
        assertThat(reader.longestStall(500, 11_000)).isEqualTo(Duration.ofNanos(6_000));
        assertThat(reader.longestStall(0, 2_000)).isEqualTo(Duration.ofNanos(1_000));
    }

    @Test
    void twoDeliveriesUnderOneNumberAreTwo() {
        try (Recorder recorder = new Recorder(file)) {
            for (int i = 0; i < 2; i++) {
                int claim = recorder.begins(Kind.QUEUE, "claim q");
                recorder.ended(Kind.QUEUE, claim, System.nanoTime(), Outcome.OK, "t-1 1 " + TOKEN);
                int finish = recorder.begins(Kind.QUEUE, "complete q t-1 " + TOKEN.generation() + " 0 done");
                recorder.ended(Kind.QUEUE, finish, System.nanoTime(), Outcome.OK, "-");
            }
        }
        reader.read(Life.ended("ann"), file);

        assertThat(reader.tasks(Map.of()).deliveries())
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.finishes()).hasSize(1));
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
