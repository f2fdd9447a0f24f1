package dev.agentcoord.harness;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentcoord.ensemble.Network;
import dev.agentcoord.testkit.Requirement;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SimulateIT {
    private static final int NOTHING_BROKEN = 0;
    private static final int BROKEN = 1;
    private static final int WRONG_OPTION = 2;
    /** With this seed a short run has both. */
    private static final int CUTS_AND_KILLS = 1;

    private int code;

    @Test
    void theFileSystemBackendKeepsItsPromisesThoughAgentsAreKilledAndStopped() throws Exception {
        JsonNode result = simulate("--agents=4", "--seconds=6", "--faults=kill,stop", "--seed=1");

        assertThat(result.get("examples")).isEmpty();
        assertThat(result.get("violations").intValue()).isZero();
        assertThat(result.get("undecided").intValue()).isZero();
        assertThat(result.get("errors")).isEmpty();
        assertThat(result.get("seed").intValue()).isEqualTo(1);
        assertThat(result.get("operations").intValue()).isGreaterThan(100);
        assertThat(result.get("checked")).isEqualTo(result.get("operations"));
        assertThat(result.at("/faults/kill").intValue()
                        + result.at("/faults/stop").intValue())
                .isPositive();
        assertThat(code).isEqualTo(NOTHING_BROKEN);
    }

    @Test
    void theftsBreakNoPromiseEither() throws Exception {
        JsonNode result = simulate("--agents=4", "--seconds=8", "--faults=steal,stop", "--seed=2");

        assertThat(result.get("examples")).isEmpty();
        assertThat(result.at("/faults/steal").intValue()).isPositive();
        assertThat(code).isEqualTo(NOTHING_BROKEN);
    }

    @Test
    void aBackendThatComparesGlobsByTextIsCaught() throws Exception {
        // Who is let in beside another has come before others as well; the first that is seen ends it.
        assertThat(simulateBroken(BrokenBackends.ComparesTexts.class)).containsAnyOf("OVERLAP", "OVERTAKEN");
        assertThat(code).isEqualTo(BROKEN);
    }

    @Test
    void aBackendThatLetsWritersShareIsCaught() throws Exception {
        assertThat(simulateBroken(BrokenBackends.SharesEverything.class)).contains("OVERLAP");
        assertThat(code).isEqualTo(BROKEN);
    }

    @Test
    void aBackendThatForgetsReleasesIsCaught() throws Exception {
        assertThat(simulateBroken(BrokenBackends.ForgetsReleases.class))
                .containsAnyOf("REFUSED_WITHOUT_CAUSE", "TOKEN_REPEATED");
        assertThat(code).isEqualTo(BROKEN);
    }

    @Test
    void queuesAndStateKeepTheirPromisesBesideLocks() throws Exception {
        JsonNode result = simulate("--workload=mixed", "--agents=4", "--seconds=8", "--faults=kill,stop", "--seed=1");

        assertThat(result.get("examples")).isEmpty();
        assertThat(result.get("undecided").intValue()).isZero();
        assertThat(result.get("errors")).isEmpty();
        assertThat(result.get("checked")).isEqualTo(result.get("operations"));
        for (String count : new String[] {"granted", "enqueues", "deliveries", "transactions"}) {
            assertThat(result.get(count).intValue()).as(count).isPositive();
        }
        assertThat(code).isEqualTo(NOTHING_BROKEN);
    }

    @Test
    void aBackendThatDeliversATaskTwiceIsCaught() throws Exception {
        assertThat(simulateBroken(BrokenBackends.DeliversTwice.class, "queue"))
                .containsAnyOf("DELIVERED_TWICE", "CLAIM_LOST");
        assertThat(code).isEqualTo(BROKEN);
    }

    @Test
    void aBackendThatLosesACompletionIsCaught() throws Exception {
        assertThat(simulateBroken(BrokenBackends.LosesCompletions.class, "queue"))
                .containsAnyOf("DELIVERED_AFTER_END", "ENDED_OTHERWISE");
        assertThat(code).isEqualTo(BROKEN);
    }

    @Test
    void aBackendThatLosesATaskIsCaught() throws Exception {
        assertThat(simulateBroken(BrokenBackends.ForgetsTasks.class, "queue")).contains("TASK_LOST");
        assertThat(code).isEqualTo(BROKEN);
    }

    @Test
    void aBackendThatDeliversOutOfOrderIsCaught() throws Exception {
        assertThat(simulateBroken(BrokenBackends.DeliversOutOfOrder.class, "queue"))
                .contains("TASK_OVERTAKEN");
        assertThat(code).isEqualTo(BROKEN);
    }

    @Test
    void aBackendThatReadsOldStateIsCaught() throws Exception {
        assertThat(simulateBroken(BrokenBackends.ReadsOldState.class, "state")).contains("NOT_LINEARIZABLE");
        assertThat(code).isEqualTo(BROKEN);
    }

    @Test
    void aBackendThatWritesWithoutComparingIsCaught() throws Exception {
        assertThat(simulateBroken(BrokenBackends.ComparesNothing.class, "state"))
                .contains("NOT_LINEARIZABLE");
        assertThat(code).isEqualTo(BROKEN);
    }

    /** Short: long runs are campaigns. */
    @Test
    void zookeeperKeepsItsPromisesThoughItsLeaderIsKilledAndTheNetworkCut() throws Exception {
        Requirement.met(Network.obstacle().isEmpty(), "network namespaces", "sudo ./agentcoord test");
        JsonNode result = simulate(
                "--backend=zk",
                "--workload=mixed",
                "--agents=3",
                "--seconds=8",
                "--faults=leader,partition",
                "--seed=" + CUTS_AND_KILLS);

        assertThat(result.get("examples")).isEmpty();
        assertThat(result.get("violations").intValue()).isZero();
        assertThat(result.get("undecided").intValue()).isZero();
        assertThat(result.at("/faults/leader").intValue()
                        + result.at("/faults/partition").intValue())
                .isPositive();
        assertThat(result.get("leftovers")).isNotEmpty().allMatch(count -> count.intValue() == 0);
        for (String count : new String[] {"granted", "transactions", "longestStallMillis"}) {
            assertThat(result.get(count).intValue()).as(count).isPositive();
        }
        assertThat(code).isEqualTo(NOTHING_BROKEN);
    }

    @Test
    void aReleaseOfWhateverLockIsCaughtOnZooKeeper() throws Exception {
        assertThat(simulateBrokenOnZooKeeper("locks")).containsAnyOf("GRANT_LOST", "OVERLAP", "GRANTED_TOO_EARLY");
        assertThat(code).isEqualTo(BROKEN);
    }

    @Test
    void theEndOfATaskByAClaimThatIsOverIsCaughtOnZooKeeper() throws Exception {
        assertThat(simulateBrokenOnZooKeeper("queue")).containsAnyOf("STALE_ACCEPTED", "DELIVERED_AFTER_END");
        assertThat(code).isEqualTo(BROKEN);
    }

    @Test
    void anOldValueThatIsReadAndReplacedIsCaughtOnZooKeeper() throws Exception {
        assertThat(simulateBrokenOnZooKeeper("state")).contains("NOT_LINEARIZABLE");
        assertThat(code).isEqualTo(BROKEN);
    }

    @Test
    void aFaultThatTheBackendCannotHaveIsRefused() {
        for (String fault : new String[] {"leader", "follower", "restart", "partition"}) {
            assertThat(errors("--backend=fs", "--faults=kill," + fault)).contains("'" + fault + "'", "--backend zk");
            assertThat(code).isEqualTo(WRONG_OPTION);
        }
    }

    @Test
    void aWrongOptionIsRefused() {
        assertThat(Simulate.commandLine().execute("--faults=earthquake")).isEqualTo(WRONG_OPTION);
    }

    private String errors(String... options) {
        PrintStream before = System.err;
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
        try {
            code = Simulate.commandLine().execute(options);
        } finally {
            System.setErr(before);
        }
        return errors.toString(StandardCharsets.UTF_8);
    }

    private String simulateBroken(Class<?> backend) throws Exception {
        return simulateBroken(backend, "locks");
    }

    private String simulateBroken(Class<?> backend, String workload) throws Exception {
        return simulateBroken(backend.getName(), workload);
    }

    private String simulateBrokenOnZooKeeper(String workload) throws Exception {
        return simulateBroken("zk:" + BrokenOnZooKeeper.class.getName(), workload);
    }

    /** On a busy machine agents do little, so a run in which nothing was found is followed by a longer one. */
    private String simulateBroken(String backend, String workload) throws Exception {
        JsonNode result = simulateBroken(backend, workload, 3);
        for (int seconds = 10; code == NOTHING_BROKEN && seconds < 100; seconds *= 3) {
            result = simulateBroken(backend, workload, seconds);
        }
        return result.get("examples").toString();
    }

    private JsonNode simulateBroken(String backend, String workload, int seconds) throws Exception {
        return simulate(
                "--backend=" + backend, "--workload=" + workload, "--agents=4", "--seconds=" + seconds, "--seed=3");
    }

    private JsonNode simulate(String... options) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            code = Simulate.commandLine().execute(withJson(options));
        } finally {
            System.setOut(before);
        }
        return new ObjectMapper().readTree(out.toString(StandardCharsets.UTF_8));
    }

    private static String[] withJson(String... options) {
        String[] all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = "--json";
        return all;
    }
}
