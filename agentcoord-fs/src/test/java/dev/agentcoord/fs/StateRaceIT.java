package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Participant;
import dev.agentcoord.SharedState;
import dev.agentcoord.Versioned;
import dev.agentcoord.core.Limits;
import dev.agentcoord.testkit.Campaign;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many processes write the same keys by compare-and-set and by transactions, and one that follows them is stopped meanwhile. */
final class StateRaceIT {
    @TempDir
    private Path dir;

    private Coordinator coordinator;
    private SharedState state;
    private final Map<String, Long> first = new HashMap<>();

    @BeforeEach
    void openTheBank() {
        FsOptions options = FsOptions.defaults().durability(Durability.UNSYNCED);
        coordinator = FsCoordinator.open(dir.resolve("store"), "bank", options);
        state = coordinator.join(Participant.named("bank")).state();
        for (int i = 0; i < Accountant.COUNTERS; i++) {
            first.put(Accountant.counter(i), state.put(Accountant.counter(i), Accountant.bytes(0)));
        }
        for (String account : Accountant.accounts()) {
            first.put(account, state.put(account, Accountant.bytes(Accountant.EACH)));
        }
    }

    @AfterEach
    void close() {
        coordinator.close();
    }

    @Test
    void unsyncedWritesOfManyProcessesAreSerializable() throws IOException {
        race(Durability.UNSYNCED, Campaign.size(150, 20_000));
    }

    @Test
    void syncedWritesOfManyProcessesAreSerializable() throws IOException {
        race(Durability.SYNCED, Campaign.size(40, 2_000));
    }

    private void race(Durability durability, int writes) throws IOException {
        int processes = Campaign.size(4, 16);
        List<Path> ledgers = new ArrayList<>();
        long refused = 0;
        long reads = 0;
        try (Children accountants = Children.start(processes, i -> {
            ledgers.add(dir.resolve("ledger-" + i));
            return Child.start(
                    Accountant.class,
                    dir.resolve("store"),
                    ledgers.get(i),
                    Campaign.seed() * 1_000 + i,
                    durability,
                    writes);
        })) {
            for (String answer : accountants.askAll("go")) {
                String[] numbers = answer.split(" ", -1);
                refused += Long.parseLong(numbers[0]);
                reads += Long.parseLong(numbers[1]);
                assertThat(numbers[2]).as("reads of half a transaction").isEqualTo("0");
            }
        }
        int checked = new Chains(first).check(ledgers, state);
        Campaign.report(
                "state, " + durability,
                processes + " processes x " + writes + " writes: " + checked + " replaced revisions, " + refused
                        + " refused and tried again, " + reads + " reads of all accounts, none of half a transaction");
    }

    /** Every revision of a key but the last was replaced exactly once: so what was written follows one order, that of the revisions. */
    private record Chains(Map<String, Long> first) {
        int check(List<Path> ledgers, SharedState state) throws IOException {
            Map<String, TreeMap<Long, Long>> byKey = new HashMap<>();
            int count = 0;
            for (Path ledger : ledgers) {
                for (String line : Files.readAllLines(ledger)) {
                    String[] words = line.split(" ", -1);
                    Long twice = byKey.computeIfAbsent(words[0], key -> new TreeMap<>())
                            .put(Long.parseLong(words[1]), Long.parseLong(words[2]));
                    assertThat(twice).as("replaced twice: " + line).isNull();
                    count++;
                }
            }
            long money = 0;
            for (Map.Entry<String, Long> key : first.entrySet()) {
                TreeMap<Long, Long> replaced = byKey.getOrDefault(key.getKey(), new TreeMap<>());
                long revision = key.getValue();
                for (Map.Entry<Long, Long> step : replaced.entrySet()) {
                    assertThat(step.getKey()).as(key.getKey()).isEqualTo(revision);
                    assertThat(step.getValue()).as(key.getKey()).isGreaterThan(revision);
                    revision = step.getValue();
                }
                Versioned last = state.get(key.getKey()).orElseThrow();
                assertThat(last.revision()).as(key.getKey()).isEqualTo(revision);
                if (key.getKey().startsWith("counter")) {
                    assertThat(Accountant.numberIn(last)).as(key.getKey()).isEqualTo(replaced.size());
                } else {
                    money += Accountant.numberIn(last);
                }
            }
            assertThat(money).isEqualTo((long) Accountant.ACCOUNTS * Accountant.EACH);
            return count;
        }
    }

    @Test
    void whoFollowsAndIsStoppedMeanwhileEndsWithTheRightState() throws Exception {
        int rounds = Campaign.size(3, 30);
        try (Children followers = Children.start(1, i -> Child.start(Follower.class, dir.resolve("store"), "bank"))) {
            Child follower = followers.get(0);
            awaitAgreement(follower);
            for (int round = 0; round < rounds; round++) {
                follower.stopOutside(new Layout(dir.resolve("store"), "bank").order());
                // Once less than the ring remembers, once more.
                int changes = round % 2 == 0 ? 40 : 700;
                for (int i = 0; i < changes; i++) {
                    String key = "followed/" + i % 9;
                    if (i % 5 == 4 && state.get(key).isPresent()) {
                        state.delete(key, state.get(key).orElseThrow().revision());
                    } else {
                        state.put(key, Accountant.bytes(i));
                    }
                }
                follower.signal("CONT");
                awaitAgreement(follower);
            }
            Campaign.report(
                    "stopped follower", rounds + " stops, 40 or 700 changes during each; told " + follower.ask("told"));
            assertThat(follower.ask("wrong")).isEqualTo("0");
        }
    }

    private void awaitAgreement(Child follower) {
        String right = Follower.text(state.list("followed/", "", Limits.PAGE));
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(follower.ask("state")).isEqualTo(right));
    }
}
