package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.Condition;
import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.FencingToken;
import dev.agentcoord.SessionId;
import dev.agentcoord.TxnResult;
import dev.agentcoord.Versioned;
import dev.agentcoord.Write;
import dev.agentcoord.spi.StateFeed;
import dev.agentcoord.spi.StateTxn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FsStateStoreIT {
    @TempDir
    private Path dir;

    private static final long ANY = Long.MIN_VALUE;
    private static final SessionId ME = new SessionId("0".repeat(26));

    private ScratchSpace space;
    private FsStateStore state;

    @BeforeEach
    void openState() throws IOException {
        space = new ScratchSpace(dir);
        state = space.state();
    }

    @Test
    void whatWasPutIsRead() {
        long revision = put("build/status", "green");
        assertThat(state.get("build/status")).contains(new Versioned("build/status", bytes("green"), revision));
        assertThat(state.get("build")).isEmpty();
    }

    @Test
    void aWriteNeedsTheRevisionItExpects() {
        long first = put("k", "1");
        assertThat(write("k", Condition.ABSENT, bytes("x"))).isEmpty();
        assertThat(write("k", first + 1, bytes("x"))).isEmpty();
        long second = write("k", first, bytes("2")).orElseThrow();
        assertThat(second).isGreaterThan(first);
        assertThat(write("k", first, bytes("x"))).isEmpty();
        assertThat(state.get("k").orElseThrow().text()).isEqualTo("2");
    }

    @Test
    void revisionsNeverRepeatDeletionIncluded() {
        long first = put("k", "1");
        assertThat(delete("k", first + 1)).isFalse();
        assertThat(delete("k", first)).isTrue();
        assertThat(delete("k", first)).isFalse();
        assertThat(state.get("k")).isEmpty();
        assertThat(write("k", Condition.ABSENT, bytes("2")).orElseThrow()).isGreaterThan(first);
    }

    @Test
    void listingPagesThroughThePrefixInKeyOrder() {
        List<String> keys = new ArrayList<>(List.of("a", "b/é", "b/", "b/c", "b/" + "x".repeat(400), "b c", "c"));
        keys.forEach(key -> put(key, key));
        List<String> wanted =
                keys.stream().filter(k -> k.startsWith("b/")).sorted().toList();
        List<String> listed = new ArrayList<>();
        String after = "";
        for (List<Versioned> page = state.list("b/", after, 2); !page.isEmpty(); page = state.list("b/", after, 2)) {
            page.forEach(v -> listed.add(v.key()));
            after = listed.get(listed.size() - 1);
        }
        assertThat(listed).isEqualTo(wanted);
    }

    @Test
    void racingIncrementsLoseNone() throws Exception {
        put("n", "0");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<Void> increment = () -> {
                for (int i = 0; i < 25; ) {
                    Versioned now = state.get("n").orElseThrow();
                    byte[] next = bytes(Integer.toString(Integer.parseInt(now.text()) + 1));
                    i += write("n", now.revision(), next).isPresent() ? 1 : 0;
                }
                return null;
            };
            for (Future<Void> done : threads.invokeAll(Collections.nCopies(4, increment))) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(state.get("n").orElseThrow().text()).isEqualTo("100");
    }

    @Test
    void racingPutsNeverGoBack() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<Long> writeAll = () -> {
                long last = 0;
                for (int i = 0; i < 25; i++) {
                    last = write("k", ANY, bytes("x")).orElseThrow();
                    assertThat(state.get("k").orElseThrow().revision()).isGreaterThanOrEqualTo(last);
                }
                return last;
            };
            long highest = 0;
            for (Future<Long> last : threads.invokeAll(Collections.nCopies(4, writeAll))) {
                highest = Math.max(highest, last.get());
            }
            assertThat(state.get("k").orElseThrow().revision()).isEqualTo(highest);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aDamagedRecordIsATypedErrorNamingTheFile() throws IOException {
        put("k", "value");
        Files.writeString(dir.resolve("state/k"), "{\"key\":\"k\"");
        assertThatThrownBy(() -> state.get("k"))
                .isInstanceOf(CorruptRecordException.class)
                .hasMessageContaining("state");
    }

    @Test
    void aPlantedLinkIsNotFollowedAndCountsForNothing() throws IOException {
        Path secret = Files.writeString(dir.resolve("secret"), "s");
        Files.createSymbolicLink(dir.resolve("state/k"), secret);

        assertThat(state.get("k")).isEmpty();
        put("k", "value");

        assertThat(state.get("k").orElseThrow().text()).isEqualTo("value");
        assertThat(secret).hasContent("s");
    }

    @Test
    void aTransactionWritesAllOrNothing() {
        long a = put("a", "1");
        put("b", "1");

        TxnResult refused = commit(
                List.of(Condition.revision("a", a + 1)),
                List.of(Write.put("a", bytes("2")), Write.put("c", bytes("2")), Write.delete("b")),
                "a",
                "b",
                "c");
        assertThat(refused.committed()).isFalse();
        assertThat(refused.found()).containsOnlyKeys("a", "b");
        assertThat(state.get("c")).isEmpty();

        TxnResult done = commit(
                List.of(Condition.revision("a", a), Condition.absent("c"), Condition.exists("b")),
                List.of(Write.put("a", bytes("2")), Write.put("c", bytes("2")), Write.delete("b")));
        assertThat(done.committed()).isTrue();
        assertThat(state.get("a").orElseThrow().revision()).isEqualTo(done.revision());
        assertThat(state.get("c").orElseThrow().revision()).isEqualTo(done.revision());
        assertThat(state.get("b")).isEmpty();
        assertThat(namesInState()).containsExactlyInAnyOrder("a", "c");
    }

    @Test
    void whoeverEntersFinishesATransactionThatWasLeftHalfDone() throws IOException {
        put("a", "old");
        put("c", "old");
        leaveHalfDone();

        assertThat(state.get("b").orElseThrow().text()).isEqualTo("new");

        assertThat(state.get("a").orElseThrow().text()).isEqualTo("new");
        assertThat(state.get("c")).isEmpty();
        assertThat(namesInState()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void aListingFinishesATransactionThatWasLeftHalfDone() throws IOException {
        put("c", "old");
        leaveHalfDone();

        assertThat(state.list("", "", 10)).extracting(Versioned::key).containsExactly("a", "b");
    }

    /** As a process leaves it that dies right after the rename that commits: announced, named, nothing moved but the first. */
    private void leaveHalfDone() {
        assertThatThrownBy(() -> space.section.run(turn -> {
                    StateFiles files = space.state.files();
                    long revision = turn.nextPosition();
                    for (String name : List.of("a", "b", "c")) {
                        turn.announce(Change.Kind.STATE, name);
                    }
                    for (String key : List.of("a", "b")) {
                        byte[] record = StateFiles.record(Write.put(key, bytes("new")), revision, ME);
                        Files.write(files.path("~draft-" + key), record);
                    }
                    Map<String, String> drafts = new TreeMap<>(Map.of("a", "~draft-a", "b", "~draft-b"));
                    Files.write(files.path("~intent"), Intent.encode(drafts, List.of("c")));
                    Files.move(files.path("~draft-a"), files.path("a"), StandardCopyOption.REPLACE_EXISTING);
                    throw new IOException("died");
                }))
                .hasMessageContaining("died");
    }

    @Test
    void anIntentReachesNoFurtherThanTheState() throws IOException {
        put("a", "1");
        assertThatThrownBy(() -> space.section.run(turn -> {
                    turn.announce(Change.Kind.STATE, "a");
                    byte[] planted = Intent.encode(Map.of("../order", "~draft"), List.of());
                    Files.write(dir.resolve("state/~intent"), planted);
                    throw new IOException("died");
                }))
                .hasMessageContaining("died");
        Files.write(dir.resolve("state/~draft"), bytes("planted"));

        assertThatThrownBy(() -> state.get("a")).isInstanceOf(CorruptRecordException.class);

        assertThat(dir.resolve("state/~draft")).exists();
    }

    @Test
    void aConditionOnALockIsAskedInsideTheSection() {
        FencingToken token = new FencingToken(1, 2, 0);
        List<Condition> held = List.of(Condition.requireHeld(token));
        assertThat(commit(held, List.of(Write.put("a", bytes("1")))).committed())
                .isFalse();
        space.held.add(token);
        assertThat(commit(held, List.of(Write.put("a", bytes("1")))).committed())
                .isTrue();
    }

    @Test
    void whatIsEphemeralCountsAsAbsentOnceItsSessionHasEnded() throws IOException {
        SessionId other = new SessionId("1".repeat(26));
        TxnResult put = space.state(other)
                .commit(new StateTxn(List.of(), List.of(Write.ephemeral("e", bytes("1"))), List.of()));
        assertThat(state.get("e").orElseThrow().owner()).contains(other);

        space.ended.add(other);

        assertThat(commit(List.of(Condition.exists("e")), List.of(), "e").found())
                .isEmpty();
        assertThat(delete("e", put.revision())).isFalse();
        assertThat(dir.resolve("state/e")).exists();
        assertThat(state.get("e")).isEmpty();
        assertThat(dir.resolve("state/e")).doesNotExist();
        assertThat(dir.resolve("ephemerals").resolve(other.text())).doesNotExist();
        assertThat(write("e", Condition.ABSENT, bytes("2")).orElseThrow()).isGreaterThan(put.revision());
    }

    @Test
    void whatAnotherWroteOverAnEphemeralValueStays() {
        SessionId other = new SessionId("1".repeat(26));
        space.state(other).commit(new StateTxn(List.of(), List.of(Write.ephemeral("e", bytes("1"))), List.of()));
        put("e", "2");
        space.ended.add(other);

        Calls.typed(dir, () -> space.state.forget(space.section::run, other));

        assertThat(state.get("e").orElseThrow().text()).isEqualTo("2");
    }

    @Test
    void aFeedNamesWhatChangedAndOwnsUpToAGap() {
        StateFeed feed = state.follow("p/", () -> {});
        assertThat(feed.changed()).isEmpty();
        assertThat(feed.changed()).contains(Set.of());
        put("p/a", "1");
        put("q/a", "1");
        put("p/" + "x".repeat(400), "1");
        assertThat(feed.changed()).contains(Set.of("p/a", "p/" + "x".repeat(400)));
        delete("p/a", state.get("p/a").orElseThrow().revision());
        assertThat(feed.changed()).contains(Set.of("p/a"));
        for (int i = 0; i <= OrderFile.RING; i++) {
            put("q/a", "1");
        }
        assertThat(feed.changed()).isEmpty();
        assertThat(feed.changed()).contains(Set.of());
    }

    @Test
    void pagesOfALargeStateAreReadWithoutListingItAgain() throws IOException {
        for (int i = 0; i < 300; i++) {
            put(String.format("k/%03d", i), "v");
        }
        assertThat(state.list("k/", "", 100)).hasSize(100);
        Path hidden = Files.move(dir.resolve("state"), dir.resolve("elsewhere"));
        Files.createDirectory(dir.resolve("state"));
        for (int i = 100; i < 150; i++) {
            String name = KeyName.of(String.format("k/%03d", i));
            Files.copy(hidden.resolve(name), dir.resolve("state").resolve(name));
        }

        List<Versioned> page = state.list("k/", "k/099", 50);

        assertThat(page).hasSize(50);
        assertThat(page.get(49).key()).isEqualTo("k/149");
    }

    @Test
    void draftsOfTheDeadAreRemovedThoseOfTheLivingStay() throws IOException {
        Path dead = dir.resolve("state/~x.0~" + "0".repeat(8) + "-0000-0000-0000-" + "0".repeat(12) + ".1.2.3");
        Files.writeString(dead, "x");
        Path living = Files.writeString(space.state.files().draft("x.1"), "x");

        space.state.sweepDrafts(space.section::run);

        assertThat(dead).doesNotExist();
        assertThat(living).exists();
    }

    private List<String> namesInState() {
        return Calls.typed(dir, () -> List.of(Disk.list(dir.resolve("state"))));
    }

    private TxnResult commit(List<Condition> conditions, List<Write> writes, String... reads) {
        return state.commit(new StateTxn(conditions, writes, List.of(reads)));
    }

    private OptionalLong write(String key, long expected, byte[] value) {
        List<Condition> conditions = expected == ANY ? List.of() : List.of(new Condition.OfKey(key, expected));
        TxnResult result = commit(conditions, List.of(Write.put(key, value)));
        return result.committed() ? OptionalLong.of(result.revision()) : OptionalLong.empty();
    }

    private boolean delete(String key, long revision) {
        return commit(List.of(Condition.revision(key, revision)), List.of(Write.delete(key)))
                .committed();
    }

    private long put(String key, String value) {
        return write(key, ANY, bytes(value)).orElseThrow();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
