package dev.agentcoord.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.Condition;
import dev.agentcoord.CoordinationException;
import dev.agentcoord.Coordinator;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.SessionStatus;
import dev.agentcoord.SharedState;
import dev.agentcoord.StateEvent;
import dev.agentcoord.TxnResult;
import dev.agentcoord.Versioned;
import dev.agentcoord.Write;
import dev.agentcoord.ensemble.Ensemble;
import dev.agentcoord.ensemble.EnsembleServer;
import dev.agentcoord.harness.history.Life;
import dev.agentcoord.harness.history.state.StateChecker;
import dev.agentcoord.harness.history.state.StatePromise;
import dev.agentcoord.testkit.Campaign;
import dev.agentcoord.zk.ZkCoordinator;
import dev.agentcoord.zk.ZkOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shared state on three ZooKeeper servers whose leader is killed again and again: whatever is answered is true. */
final class StateUnderLeaderKillsIT {
    private static final int AGENTS = 6;
    private static final int ACCOUNTS = 4;
    private static final Duration TTL = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong transfers = new AtomicLong();
    private final AtomicLong longestStall = new AtomicLong();
    private final Map<String, Integer> errors = new TreeMap<>();
    private int operations;
    private volatile boolean over;

    @Test
    void nothing_answered_is_untrue_though_leaders_are_killed() throws Exception {
        int rounds = Campaign.size(1, 34);
        int kills = Campaign.size(2, 3);
        try (Ensemble ensemble = Ensemble.start(3)) {
            for (int round = 0; round < rounds; round++) {
                play(ensemble, round, kills);
            }
        }
        Campaign.report(
                "state under leader kills",
                rounds * kills + " leaders killed under " + AGENTS + " agents, " + operations + " calls and "
                        + transfers + " transfers, errors " + errors + ", nothing untrue; the longest call took "
                        + TimeUnit.NANOSECONDS.toMillis(longestStall.get()) + " ms");
    }

    private void play(Ensemble ensemble, int round, int kills) throws Exception {
        ZkOptions options =
                ZkOptions.of(ensemble.connect(), "round-" + round).withTtl(TTL).withTimeout(Duration.ofSeconds(15));
        over = false;
        List<Agent> agents = new ArrayList<>();
        try (Coordinator coordinator = ZkCoordinator.connect(options);
                Session observer = coordinator.join(Participant.named("observer"))) {
            SharedState state = observer.state();
            for (int account = 0; account < ACCOUNTS; account++) {
                state.put("account/" + account, bytes("100"));
            }
            for (int i = 0; i < AGENTS; i++) {
                agents.add(new Agent(options, round, i));
            }
            agents.forEach(Thread::start);
            Mirror mirror = new Mirror();
            state.watch("", mirror);
            for (int kill = 0; kill < kills; kill++) {
                pause(1_500);
                EnsembleServer leader = ensemble.leader();
                leader.kill();
                ensemble.leader();
                pause(1_000);
                leader.restart();
                ensemble.awaitServing();
            }
            over = true;
            for (Agent agent : agents) {
                agent.join();
            }
            assertThat(failures).isEmpty();
            check(state, mirror, round);
        }
        HistoryReader reader = new HistoryReader(Campaign.seed(), true);
        agents.forEach(agent -> agent.lives.forEach((life, file) -> reader.read(Life.ended(life), file)));
        StateChecker.Report report = StateChecker.check(reader.transactions(), StatePromise.LINEARIZABLE);
        assertThat(report.violations()).isEmpty();
        assertThat(report.undecided()).isZero();
        operations += reader.operations();
        reader.errors().forEach((error, count) -> errors.merge(error, count, Integer::sum));
    }

    private void check(SharedState state, Mirror mirror, int round) {
        List<Versioned> last = state.linearizable().list("", "", 1_000);
        assertThat(last.stream().filter(value -> value.key().startsWith("account/")))
                .as("accounts of round %s", round)
                .extracting(value -> Integer.parseInt(value.text()))
                .satisfies(sums -> assertThat(
                                sums.stream().mapToInt(Integer::intValue).sum())
                        .isEqualTo(100 * ACCOUNTS));
        assertThat(last)
                .as("ended with their sessions")
                .noneMatch(value -> value.key().startsWith("up/"));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!mirror.shows(last) && System.nanoTime() < end) {
            pause(20);
        }
        assertThat(mirror.shows(last))
                .as("what a watch told in round %s", round)
                .isTrue();
        assertThat(mirror.wrong).isEmpty();
    }

    private static void pause(long millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** One that reads and writes until it is over, in as many lives as it needs. */
    private final class Agent extends Thread {
        private final ZkOptions options;
        private final String name;
        private final Random random;
        private final Map<String, Path> lives = new TreeMap<>();

        Agent(ZkOptions options, int round, int number) {
            this.options = options;
            this.name = "agent-" + round + "-" + number;
            this.random = new Random(Campaign.seed() * 31 + name.hashCode());
        }

        @Override
        public void run() {
            try (Coordinator coordinator = ZkCoordinator.connect(options)) {
                while (!over) {
                    live(coordinator);
                }
            } catch (RuntimeException | Error e) {
                if (!(e instanceof CoordinationException)) {
                    failures.add(e);
                }
            }
        }

        private void live(Coordinator coordinator) {
            String life = name + "-" + lives.size();
            Path file = directory.resolve(life);
            lives.put(life, file);
            try (Recorder record = new Recorder(file);
                    Session session = coordinator.join(Participant.named("a"))) {
                SharedState state = session.state().linearizable();
                AgentArguments arguments =
                        new AgentArguments(Plan.Workload.STATE, life, "zk", file, file, Campaign.seed());
                StateWork work = new StateWork(state, record, arguments);
                announce(state, life);
                while (!over && session.status() != SessionStatus.LOST) {
                    long begun = System.nanoTime();
                    work.once();
                    longestStall.accumulateAndGet(System.nanoTime() - begun, Math::max);
                    if (random.nextInt(4) == 0) {
                        transfer(state);
                    }
                    pause(session.safeFor().isZero() ? 50 : 5);
                }
            } catch (CoordinationException e) {
                // Joining, or ending, failed: the next life tries again.
                pause(50);
            }
        }

        private void announce(SharedState state, String life) {
            try {
                state.putEphemeral("up/" + life, bytes("1"));
            } catch (CoordinationException e) {
                return; // It works unannounced.
            }
        }

        /** From one account to another; both are read at one moment, which shows that all of each transfer is there or nothing. */
        private void transfer(SharedState state) {
            String[] keys = new String[ACCOUNTS];
            for (int i = 0; i < ACCOUNTS; i++) {
                keys[i] = "account/" + i;
            }
            try {
                Map<String, Versioned> all = state.txn()
                        .when(Condition.absent(keys[0]))
                        .otherwise(keys)
                        .commit()
                        .found();
                int sum = all.values().stream()
                        .mapToInt(value -> Integer.parseInt(value.text()))
                        .sum();
                if (sum != 100 * ACCOUNTS) {
                    failures.add(new AssertionError("half of a transfer was seen: " + all.values()));
                }
                Versioned from = all.get(keys[random.nextInt(ACCOUNTS)]);
                Versioned to = all.get(keys[random.nextInt(ACCOUNTS)]);
                if (from == null || to == null || from.equals(to)) {
                    return;
                }
                TxnResult moved = state.txn()
                        .when(
                                Condition.revision(from.key(), from.revision()),
                                Condition.revision(to.key(), to.revision()))
                        .then(plus(from, -1), plus(to, 1))
                        .commit();
                if (moved.committed()) {
                    transfers.incrementAndGet();
                }
            } catch (CoordinationException e) {
                return; // Done whole or not at all, which the sum shows.
            }
        }

        private static Write plus(Versioned account, int amount) {
            return Write.put(account.key(), bytes(Integer.toString(Integer.parseInt(account.text()) + amount)));
        }
    }

    /** What a watch told. */
    private static final class Mirror implements Consumer<StateEvent> {
        private final Map<String, Versioned> values = new TreeMap<>();
        private final Map<String, Long> revisions = new TreeMap<>();
        private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();

        @Override
        public synchronized void accept(StateEvent event) {
            if (event instanceof StateEvent.Resync all) {
                values.clear();
                all.values().forEach(this::put);
            } else if (event instanceof StateEvent.Put put) {
                put(put.value());
            } else if (event instanceof StateEvent.Deleted deleted) {
                values.remove(deleted.key());
            }
        }

        private void put(Versioned value) {
            Long before = revisions.put(value.key(), value.revision());
            if (before != null && before > value.revision()) {
                wrong.add(value + " after " + before);
            }
            values.put(value.key(), value);
        }

        synchronized boolean shows(List<Versioned> last) {
            return List.copyOf(values.values()).equals(last);
        }
    }
}
