package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.StoreUnavailableException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that take turns at one log; who is inside is up to the section. */
final class WriteAheadLogIT {
    private static final int LARGE = 500_000;

    @TempDir
    private Path dir;

    private final List<Path> flushed = new ArrayList<>();
    private WriteAheadLog log;

    @BeforeEach
    void make() throws IOException {
        Files.createDirectory(dir.resolve("tmp"));
        log = open();
        assertThat(log.isThere()).isFalse();
        log.make();
        assertThat(log.isThere()).isTrue();
    }

    private static Layout space(Path dir) {
        return new Layout(dir, ".");
    }

    private WriteAheadLog open() {
        return new WriteAheadLog(space(dir), flushed::add);
    }

    private WriteAheadLog another() throws IOException {
        WriteAheadLog other = open();
        assertThat(other.isThere()).isTrue();
        return other;
    }

    @Test
    void recordsOfAllProcessesAreInOrder() throws IOException {
        WriteAheadLog other = another();
        append(log, "a");
        append(other, "b");
        append(log, "c");
        assertThat(text(other.latest())).isEqualTo("c");
        assertThat(all(another())).containsExactly("a", "b", "c");
    }

    @Test
    void whoMakesItSecondChangesNothing() throws IOException {
        append(log, "a");
        open().make();
        assertThat(all(another())).containsExactly("a");
        assertThat(Disk.list(dir.resolve("log"))).containsExactlyInAnyOrder("0", "1");
    }

    @Test
    void whoseFilesAreReplacedWritesNothingMore() throws IOException {
        append(log, "a");
        Path place = dir.resolve("log").resolve("0");
        Files.move(place, dir.resolve("elsewhere"));
        Files.copy(dir.resolve("elsewhere"), place);
        assertThatThrownBy(() -> append(log, "b"))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("replaced");
    }

    @Test
    void whatLooksLikeARecordInsideAValueIsNone() throws IOException {
        append(log, "a");
        // A copy of a record, as somebody could store it who has read the file.
        byte[] copy = Files.readAllBytes(dir.resolve("log").resolve("0"));
        String record = new String(copy, LogSegment.START, 17, StandardCharsets.ISO_8859_1);
        String hidden = record.repeat(LogSegment.SIZE / record.length() / 8);
        for (int i = 0; i < 24; i++) {
            append(log, hidden);
            log.makeRoom(this::run);
        }
        assertThat(all(another())).doesNotContain("a");
    }

    @Test
    void aTornRecordIsNone() throws IOException {
        append(log, "a");
        append(log, "b");
        damage(0, LogSegment.START + 17 + 16);
        assertThat(all(another())).containsExactly("a");
    }

    @Test
    void aFullFileGivesWayToTheOtherAndIsUsedAgainOnceAllIsOnTheDisk() throws IOException {
        WriteAheadLog sleeper = another();
        append(sleeper, "first");
        List<String> written = new ArrayList<>(List.of("first"));
        flushed.clear();
        for (int i = 0; i < 9; i++) {
            written.add(append(log, i + "x".repeat(LARGE)));
        }
        assertThat(all(another())).as("of both files").isEqualTo(written);
        assertThat(flushed).isEmpty();

        log.makeRoom(this::run);

        assertThat(flushed).hasSize(1);
        assertThat(all(another())).isEqualTo(written.subList(written.size() - 1, written.size()));
        append(sleeper, "who slept meanwhile");
        assertThat(all(another())).hasSize(2).endsWith("who slept meanwhile");
    }

    @Test
    void whereNobodyMadeRoomWhoNeedsItDoes() throws IOException {
        flushed.clear();
        for (int i = 0; i < 30; i++) {
            append(i % 2 == 0 ? log : another(), i + "x".repeat(LARGE));
        }
        assertThat(flushed).hasSize(2);
        assertThat(all(another())).hasSizeBetween(9, 16).last().asString().startsWith("29x");
    }

    @Test
    void whatIsDealtWithTwiceIsFreedOnce() throws IOException {
        for (int i = 0; i < 9; i++) {
            append(log, i + "x".repeat(LARGE));
        }
        List<String> late = new ArrayList<>();
        WriteAheadLog slow = new WriteAheadLog(space(dir), path -> {
            // Another process deals with the same file, and both are filled again meanwhile.
            log.makeRoom(this::run);
            for (int i = 0; i < 9; i++) {
                late.add(append(log, i + "y".repeat(LARGE)));
            }
        });
        assertThat(slow.isThere()).isTrue();
        slow.makeRoom(this::run);
        assertThat(all(another())).containsAll(late);
    }

    @Test
    void afterAPowerCutItBeginsAnewOnceAllIsDone() throws IOException {
        append(log, "a");
        WriteAheadLog next = another();
        assertThat(all(next)).containsExactly("a");
        next.freeAll();
        assertThat(all(next)).isEmpty();
        append(next, "b");
        assertThat(all(another())).containsExactly("b");
    }

    @Test
    void whatSaysHowAFileIsUsedCanBeDamaged() throws IOException {
        append(log, "a");
        damage(0, 9);
        append(another(), "b");
        assertThat(all(another())).containsExactly("b");
    }

    @Test
    void aFileThatIsCutShortLaterIsAnError() throws IOException {
        append(log, "a");
        WriteAheadLog other = another();
        try (RandomAccessFile file =
                new RandomAccessFile(dir.resolve("log").resolve("0").toFile(), "rw")) {
            file.setLength(10);
        }
        assertThatThrownBy(other::latest)
                .isInstanceOf(CorruptRecordException.class)
                .hasMessageContaining("cut short");
    }

    @Test
    void whatSomebodyPlantedInItsPlaceIsNoLog() throws IOException {
        Path other = Files.createDirectory(dir.resolve("other"));
        Files.createSymbolicLink(other.resolve("log"), dir.resolve("log"));
        assertThat(new WriteAheadLog(space(other), flushed::add).isThere()).isFalse();
        Path second = dir.resolve("log").resolve("1");
        Disk.chmod(second, Layout.RECORD);
        assertThat(open().isThere()).as("not for everybody").isFalse();
        Files.move(second, dir.resolve("elsewhere"));
        Files.createSymbolicLink(second, dir.resolve("elsewhere"));
        assertThat(open().isThere()).isFalse();
        Files.delete(second);
        Files.write(second, new byte[0]);
        Disk.chmod(second, Layout.SHARED_FILE);
        assertThat(open().isThere()).as("too short").isFalse();
    }

    private void damage(int index, int at) throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(dir.resolve("log").resolve("" + index).toFile(), "rw")) {
            file.seek(at);
            int before = file.read();
            file.seek(at);
            file.write(before + 1);
        }
    }

    /** Nobody else is inside, and nothing is asked of the turn. */
    @SuppressWarnings("NullAway")
    private <T> T run(Section.Body<T> body) {
        return Calls.typed(dir, () -> body.run(null));
    }

    private static String append(WriteAheadLog log, String text) throws IOException {
        byte[] record = text.getBytes(StandardCharsets.ISO_8859_1);
        assertThat(log.epochFor(record.length)).isPositive();
        log.append(record);
        return text;
    }

    private static String text(byte @Nullable [] record) {
        return record == null ? "nothing" : new String(record, StandardCharsets.ISO_8859_1);
    }

    private static List<String> all(WriteAheadLog log) throws IOException {
        return log.all().stream().map(WriteAheadLogIT::text).toList();
    }
}
