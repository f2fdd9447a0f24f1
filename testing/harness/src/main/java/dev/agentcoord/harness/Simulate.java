package dev.agentcoord.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentcoord.ensemble.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code agentcoord simulate}: agents as real processes, faults, and the check of what they did. */
@Command(
        name = "agentcoord simulate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Lets agents, each a real process, work and fail, then checks everything they did.",
        footer = "Exit code: 0 if no promise was broken, 1 if one was, 2 for a wrong option.")
final class Simulate implements Callable<Integer> {
    private static final int INTERRUPTED = 130;

    @Option(
            names = "--backend",
            defaultValue = "fs",
            description =
                    "fs (default), zk on three servers of its own, a class of your own, or zk:CLASS on such servers")
    private String backend = "fs";

    @Option(names = "--workload", defaultValue = "locks", description = "locks (default), queue, state, mixed")
    private Plan.Workload workload = Plan.Workload.LOCKS;

    @Option(names = "--agents", defaultValue = "8", description = "how many processes (default: 8)")
    private int agents;

    @Option(names = "--seconds", defaultValue = "20", description = "how long they work (default: 20)")
    private int seconds;

    @Option(
            names = "--faults",
            split = ",",
            description = {
                "of kill, stop, steal: of agents;",
                "and with zk of leader, follower, restart: servers are killed;",
                "partition: packets are lost, which needs root (default: none)"
            })
    private @Nullable Set<Plan.Fault> faults;

    @Option(names = "--seed", description = "repeats the requests and faults of an earlier run (default: a new one)")
    private long seed = System.nanoTime() & 0xffff_ffffL;

    @Option(names = "--directory", description = "for store and histories, which stay there (default: a temporary one)")
    private @Nullable Path directory;

    @Option(names = "--json", description = "print one JSON object")
    private boolean json;

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Simulate()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Set<Plan.Fault> wanted = faults == null ? EnumSet.noneOf(Plan.Fault.class) : faults;
        Plan plan = new Plan(backend, workload, agents, seconds, wanted, seed);
        refuseImpossible(plan);
        Belongings belongings = new Belongings();
        try (belongings) {
            Path place = directory == null ? makeTemporary(belongings) : directory;
            Result result = new Simulation(plan, place, belongings).run();
            print(new ObjectMapper().valueToTree(result));
            return result.violations() == 0 && result.undecided() == 0 ? 0 : 1;
        } catch (IOException | RuntimeException e) {
            if (belongings.wereTakenAway()) {
                return INTERRUPTED;
            }
            throw e;
        }
    }

    private void refuseImpossible(Plan plan) {
        boolean hasServers = ZkStore.isBelow(plan.backend());
        plan.faults().stream()
                .filter(fault -> fault.isOfServers() && !hasServers)
                .sorted()
                .findFirst()
                .ifPresent(fault -> refuse("there are no servers that could suffer '"
                        + fault.name().toLowerCase(Locale.ROOT) + "' with --backend " + plan.backend()
                        + "; use --backend zk, or leave it out"));
        if (plan.faults().contains(Plan.Fault.PARTITION)) {
            Network.obstacle().ifPresent(needs -> refuse("'partition' needs " + needs + "; or leave it out"));
        }
    }

    private void refuse(String why) {
        throw new ParameterException(commandLine(), why);
    }

    private static Path makeTemporary(Belongings belongings) throws IOException {
        Path temporary = Files.createTempDirectory("agentcoord-simulate-");
        belongings.add((AutoCloseable) () -> Trees.delete(temporary));
        return temporary;
    }

    private void print(JsonNode result) {
        if (json) {
            System.out.println(result);
        } else {
            result.properties()
                    .forEach(field -> System.out.printf(
                            Locale.ROOT,
                            "%-18s %s%n",
                            field.getKey(),
                            field.getValue().toString()));
        }
    }
}
