package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.Versioned;
import dev.agentcoord.spi.StateStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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

    private FsStateStore state;

    @BeforeEach
    void openState() throws IOException {
        state = new ScratchSpace(dir).state();
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
        assertThat(state.write("k", StateStore.ABSENT, bytes("x"))).isEmpty();
        assertThat(state.write("k", first + 1, bytes("x"))).isEmpty();
        long second = state.write("k", first, bytes("2")).orElseThrow();
        assertThat(second).isGreaterThan(first);
        assertThat(state.write("k", first, bytes("x"))).isEmpty();
        assertThat(state.get("k").orElseThrow().text()).isEqualTo("2");
    }

    @Test
    void revisionsNeverRepeatDeletionIncluded() {
        long first = put("k", "1");
        assertThat(state.delete("k", first + 1)).isFalse();
        assertThat(state.delete("k", first)).isTrue();
        assertThat(state.delete("k", first)).isFalse();
        assertThat(state.get("k")).isEmpty();
        assertThat(state.write("k", StateStore.ABSENT, bytes("2")).orElseThrow())
                .isGreaterThan(first);
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
                    i += state.write("n", now.revision(), next).isPresent() ? 1 : 0;
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
                    last = state.write("k", StateStore.ANY, bytes("x")).orElseThrow();
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
    void aPlantedLinkIsNotFollowed() throws IOException {
        Path secret = Files.writeString(dir.resolve("secret"), "s");
        Files.createSymbolicLink(dir.resolve("state/k"), secret);
        assertThatThrownBy(() -> state.get("k")).isInstanceOf(RuntimeException.class);
        assertThat(secret).hasContent("s");
    }

    private long put(String key, String value) {
        return state.write(key, StateStore.ANY, bytes(value)).orElseThrow();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
