package dev.agentcoord.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.LimitExceededException;
import dev.agentcoord.Participant;
import dev.agentcoord.ProcessId;
import dev.agentcoord.TaskId;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Every published limit is reached, and not passed by one. */
final class LimitsTest {
    @Test
    void aValueHasUpTo64KiB() {
        byte[] largest = new byte[64 * 1024];
        assertThat(Limits.value("a value", largest)).isSameAs(largest);
        assertThatThrownBy(() -> Limits.value("a value", new byte[64 * 1024 + 1]))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("65537");
    }

    @Test
    void aRequestHasUpTo256Items() {
        Limits.items("a request", 256);
        assertThatThrownBy(() -> Limits.items("a request", 257)).isInstanceOf(LimitExceededException.class);
    }

    @Test
    void aPageHasOneToAThousandEntries() {
        assertThat(Limits.page(1)).isEqualTo(1);
        assertThat(Limits.page(1_000)).isEqualTo(1_000);
        assertThatThrownBy(() -> Limits.page(0)).isInstanceOf(LimitExceededException.class);
        assertThatThrownBy(() -> Limits.page(1_001)).isInstanceOf(LimitExceededException.class);
    }

    @Test
    void aReasonHasUpTo1024BytesOfUtf8() {
        assertThat(Limits.reason("\u00e9".repeat(512))).hasSize(512);
        assertThatThrownBy(() -> Limits.reason("\u00e9".repeat(512) + "x"))
                .isInstanceOf(LimitExceededException.class)
                .hasMessage("a reason is at most 1024 bytes, got 1025; say it shorter");
    }

    @Test
    void aKeyHasUpTo512BytesOfUtf8() {
        assertThat(Canonical.key("\u00e9".repeat(256))).hasSize(256);
        assertThatThrownBy(() -> Canonical.key("\u00e9".repeat(256) + "x"))
                .isInstanceOf(LimitExceededException.class)
                .hasMessage("a key is at most 512 bytes, got 513; shorten it");
    }

    @Test
    void whatAnAgentSaysOfItselfHasUpTo4KiB() {
        Participant largest =
                Participant.named("bea").role("r".repeat(1_000)).labels(Map.of("team", "\u00e9".repeat(1_546)));
        assertThatThrownBy(() -> largest.tmuxTarget("x")).isInstanceOf(LimitExceededException.class);
        assertThatThrownBy(() -> largest.role("r".repeat(1_001)))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("4097");
    }

    @Test
    void anAgentOffersUpTo16CapabilitiesAndNamesUpTo64Processes() {
        Participant bea = Participant.named("bea");
        assertThat(bea.capabilities(words(16)).capabilities()).hasSize(16);
        assertThatThrownBy(() -> bea.capabilities(words(17))).isInstanceOf(LimitExceededException.class);
        assertThatThrownBy(() -> bea.capabilities(Set.of("a,b"))).isInstanceOf(InvalidRequestException.class);
        ProcessId one = new ProcessId(1, 1);
        assertThat(bea.processes(Collections.nCopies(64, one)).processes()).hasSize(64);
        assertThatThrownBy(() -> bea.processes(Collections.nCopies(65, one)))
                .isInstanceOf(LimitExceededException.class);
    }

    @Test
    void aCapabilityIsAWordOfUpTo64BytesThatCanBeListed() {
        String longest = "\u00e9".repeat(32);
        assertThat(Limits.capabilities(Set.of(longest))).containsExactly(longest);
        for (String bad : List.of("", longest + "x", "a,b", ",a", "a\nb", "a\ud800")) {
            assertThatThrownBy(() -> Limits.capabilities(Set.of(bad)))
                    .as("'%s'", bad)
                    .isInstanceOf(InvalidRequestException.class);
        }
    }

    @Test
    void aDelayIsNotNegativeAndAtMostAThousandYears() {
        Duration longest = Duration.ofDays(365_000);
        assertThat(Limits.delay(Duration.ZERO)).isZero();
        assertThat(Limits.delay(longest)).isEqualTo(longest);
        for (Duration bad : List.of(Duration.ofNanos(-1), longest.plusNanos(1))) {
            assertThatThrownBy(() -> Limits.delay(bad)).isInstanceOf(InvalidRequestException.class);
        }
    }

    @Test
    void headersHaveUpTo64KiBOfUtf8NamesAndValuesTogether() {
        Map<String, String> largest = Map.of("a", "x".repeat(64 * 1024 - 4), "\u00e9", "y");
        assertThat(Limits.headers(largest)).isEqualTo(largest);
        assertThatThrownBy(() -> Limits.headers(Map.of("a", "x".repeat(64 * 1024 - 4), "\u00e9", "yz")))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("65537");
    }

    @Test
    void aTaskWaitsForUpTo64OthersAndABatchHasUpTo1000() {
        assertThat(Limits.dependencies(tasks(64))).isEqualTo(tasks(64));
        assertThatThrownBy(() -> Limits.dependencies(tasks(65))).isInstanceOf(LimitExceededException.class);
        Limits.batch(1_000);
        assertThatThrownBy(() -> Limits.batch(1_001)).isInstanceOf(LimitExceededException.class);
    }

    private static Set<TaskId> tasks(int count) {
        return words(count).stream().map(TaskId::new).collect(Collectors.toSet());
    }

    private static Set<String> words(int count) {
        return IntStream.range(0, count).mapToObj(i -> "word" + i).collect(Collectors.toSet());
    }
}
