package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.Condition;
import dev.agentcoord.SessionId;
import dev.agentcoord.TxnResult;
import dev.agentcoord.Versioned;
import dev.agentcoord.Write;
import dev.agentcoord.spi.StateTxn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The state after a power cut, by hand: what the file system had in memory only is taken away, and another boot begins. What was answered
 * is there, from the log.
 */
final class StateLogIT {
    @TempDir
    private Path dir;

    private final SessionId me = new SessionId("0".repeat(26));
    private ScratchSpace space;
    private FsStateStore state;
    private int boot = 2;

    @BeforeEach
    void writeOften() throws IOException {
        enter();
        for (int i = 0; i < WriteAheadLog.OFTEN + 1; i++) {
            put("k", "before " + i);
        }
        await().until(() -> space.section.run(turn -> space.log.isThere()));
    }

    private void enter() throws IOException {
        space = new ScratchSpace(dir, boot);
        state = space.state(me);
    }

    private Path file(String key) {
        return dir.resolve("state").resolve(KeyName.of(key));
    }

    private void bootAnew() throws IOException {
        boot++;
        enter();
    }

    @Test
    void aValueWhoseFileIsTornIsReadFromTheLog() throws IOException {
        put("k", "first");
        put("k", "second");
        Files.write(file("k"), new byte[0]);
        bootAnew();
        assertThat(text("k")).contains("second");
    }

    @Test
    void aValueWhoseNameIsGoneOrStillTheOldOneIsReadFromTheLog() throws IOException {
        put("gone", "value");
        put("old", "first");
        Path before = Files.copy(file("old"), dir.resolve("before"));
        put("old", "second");
        Files.delete(file("gone"));
        Files.move(before, file("old"), StandardCopyOption.REPLACE_EXISTING);
        bootAnew();
        assertThat(text("gone")).contains("value");
        assertThat(text("old")).contains("second");
    }

    @Test
    void whatWasDeletedIsNotBroughtBack() throws IOException {
        put("k", "value");
        byte[] before = Files.readAllBytes(file("k"));
        delete("k");
        put("other", "value");
        bootAnew();
        assertThat(text("k")).isEmpty();
        Files.write(file("k"), before);
        bootAnew();
        // The log of the boot before was dealt with, so this one was made by hand.
        assertThat(text("k")).contains("value");
    }

    @Test
    void aDeletionThatOnlyTheLogHasIsDoneAgain() throws IOException {
        put("k", "value");
        byte[] before = Files.readAllBytes(file("k"));
        delete("k");
        Files.write(file("k"), before);
        bootAnew();
        assertThat(text("k")).isEmpty();
    }

    @Test
    void whatIsWrittenOrDeletedWithoutWaitingForTheDiskCountsToo() throws IOException {
        put("deleted", "value");
        put("replaced", "value");
        space.unsynced();
        state = space.state(me);
        delete("deleted");
        put("replaced", "later");
        bootAnew();
        assertThat(text("deleted")).isEmpty();
        assertThat(text("replaced")).contains("later");
    }

    @Test
    void anEphemeralValueTakesThePlaceOfALastingOneForGood() throws IOException {
        put("k", "lasting");
        commit(Write.ephemeral("k", bytes("ephemeral")));
        space.ended.add(me);
        assertThat(text("k")).isEmpty();
        assertThat(file("k")).doesNotExist();
        bootAnew();
        assertThat(text("k")).isEmpty();
    }

    @Test
    void aTransactionIsDoneAgainAsAWhole() throws IOException {
        put("x", "old");
        put("y", "old");
        byte[] x = Files.readAllBytes(file("x"));
        byte[] y = Files.readAllBytes(file("y"));
        commit(write("x", "new"), write("z", "new"), Write.delete("y"));
        Files.write(file("x"), x);
        Files.write(file("y"), y);
        Files.delete(file("z"));
        bootAnew();
        assertThat(text("x")).contains("new");
        assertThat(text("y")).isEmpty();
        assertThat(text("z")).contains("new");
    }

    @Test
    void whoDiedBetweenTheRecordAndTheChangeHasNotWritten() throws IOException {
        put("k", "value");
        appendWhatIsNeverMade("k");

        // Another process, which looks before it does anything.
        new ScratchSpace(dir, boot).section.run(turn -> turn.change());

        bootAnew();
        assertThat(text("k")).contains("value");
    }

    @Test
    void whatDiedBetweenIsSaidOnceAndNothingWrittenAfterItIsLost() throws IOException {
        put("k", "value");
        ScratchSpace other = new ScratchSpace(dir, boot);
        assertThat(other.log.isThere()).isTrue();
        appendWhatIsNeverMade("k");
        // It reads the record of the dead, and does not get to decide about it.
        assertThat(other.log.latest()).isNotEmpty();
        FsStateStore here = new ScratchSpace(dir, boot).state(me);
        here.commit(txn(List.of(write("a", "1"))));
        other.state(me).commit(txn(List.of(write("b", "2"))));
        here.commit(txn(List.of(write("c", "3"))));
        for (String key : List.of("a", "b", "c")) {
            Files.delete(file(key));
        }
        bootAnew();
        assertThat(text("a")).contains("1");
        assertThat(text("b")).contains("2");
        assertThat(text("c")).contains("3");
        assertThat(text("k")).contains("value");
    }

    @Test
    void aDirectoryThatSomebodyMadeInAKeysPlaceKeepsNobodyOut() throws IOException {
        put("k", "value");
        Files.delete(file("k"));
        Files.createDirectory(file("k"));
        bootAnew();
        put("other", "value");
        assertThat(text("k")).isEmpty();
    }

    @Test
    void nothingIsLostHoweverOftenTheLogIsFull() throws IOException {
        String large = "x".repeat(60_000);
        int keys = 7;
        for (int i = 0; i < 250; i++) {
            put("large" + i % keys, i + large);
            if (i % 50 == 49) {
                String last = "large" + i % keys;
                Files.write(file(last), new byte[0]);
                bootAnew();
                for (int k = 0; k < keys; k++) {
                    assertThat(text("large" + k).orElseThrow()).hasSizeGreaterThan(large.length());
                }
                assertThat(text(last)).contains(i + large);
            }
        }
    }

    @Test
    void aKeyIsPutOntoTheDiskFirstAsLongAsTheLogDoesNotHaveIt() throws IOException {
        StateDirectory directory = space.state;
        put("new", "1");
        assertThat(directory.log().isProbablySafe(Set.of(KeyName.of("new")))).isTrue();
        // Somebody else wrote it since: whether that is on the disk this process does not know.
        new ScratchSpace(dir, boot).state(me).commit(txn(List.of(write("new", "2"))));
        space.section.run(turn -> {
            directory.memory().begin(turn);
            return directory.memory().of(KeyName.of("new"));
        });
        assertThat(directory.log().isProbablySafe(Set.of(KeyName.of("new")))).isFalse();
    }

    private void appendWhatIsNeverMade(String key) throws IOException {
        WriteAheadLog other = new WriteAheadLog(new Layout(dir, "."), Disk::syncAll);
        assertThat(other.isThere()).isTrue();
        long revision = state.get(key).orElseThrow().revision();
        byte[] content = StateFiles.record(write(key, "never made"), revision + 1, me);
        byte[] record = LogRecord.encode(List.of(new LogRecord.Value(KeyName.of(key), revision + 1, content, true)));
        assertThat(other.epochFor(record.length)).isPositive();
        other.append(record);
    }

    private Optional<String> text(String key) {
        return state.get(key).map(Versioned::text);
    }

    private void put(String key, String value) {
        commit(write(key, value));
    }

    private void delete(String key) {
        commit(Write.delete(key));
    }

    private static Write write(String key, String value) {
        return Write.put(key, bytes(value));
    }

    private void commit(Write... writes) {
        TxnResult done = state.commit(txn(List.of(writes)));
        assertThat(done.committed()).isTrue();
    }

    private static StateTxn txn(List<Write> writes) {
        List<Condition> none = List.of();
        return new StateTxn(none, writes, List.of());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
