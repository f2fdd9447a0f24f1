package dev.agentcoord.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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

/** {@code agentcoord simulate}: agents as real processes, faults, and the check of what they did. */
@Command(
        name = "agentcoord simulate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Lets agents, each a real process, work and fail, then checks everything they did.",
        footer = "Exit code: 0 if no promise was broken, 1 if one was, 2 for a wrong option.")
final class Simulate implements Callable<Integer> {
    @Option(names = "--backend", defaultValue = "fs", description = "fs, or a class of your own (default: fs)")
    private String backend = "fs";

    @Option(names = "--workload", defaultValue = "locks", description = "locks (default), queue, state, mixed")
    private Plan.Workload workload = Plan.Workload.LOCKS;

    @Option(names = "--agents", defaultValue = "8", description = "how many processes (default: 8)")
    private int agents;

    @Option(names = "--seconds", defaultValue = "20", description = "how long they work (default: 20)")
    private int seconds;

    @Option(names = "--faults", split = ",", description = "of kill, stop, steal (default: none)")
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
        Result result = directory == null ? runInTemporary(plan) : new Simulation(plan, directory).run();
        print(new ObjectMapper().valueToTree(result));
        return result.violations() == 0 && result.undecided() == 0 ? 0 : 1;
    }

    private static Result runInTemporary(Plan plan) throws IOException, InterruptedException {
        Path temporary = Files.createTempDirectory("agentcoord-simulate-");
        try {
            return new Simulation(plan, temporary).run();
        } finally {
            Trees.delete(temporary);
        }
    }

    private void print(JsonNode result) {
        if (json) {
            System.out.println(result);
        } else {
            result.properties()
                    .forEach(field -> System.out.printf(
                            Locale.ROOT,
                            "%-11s %s%n",
                            field.getKey(),
                            field.getValue().toString()));
        }
    }
}
