package dev.agentcoord.harness;

import dev.agentcoord.harness.Plan.Workload;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * What a simulated agent is told when it starts.
 *
 * @param workload what to do
 * @param name of the agent and of its life
 * @param backend as {@link BackendOpener#named} reads it
 * @param store where the store is
 * @param history the file for its own account
 * @param seed of the run
 */
record AgentArguments(Workload workload, String name, String backend, Path store, Path history, long seed) {
    static AgentArguments parse(String... words) {
        return new AgentArguments(
                Workload.valueOf(words[0]),
                words[1],
                words[2],
                Path.of(words[3]),
                Path.of(words[4]),
                Long.parseLong(words[5]));
    }

    List<String> words() {
        return List.of(workload.name(), name, backend, store.toString(), history.toString(), Long.toString(seed));
    }

    /** The same for a later session of the process; 0 is the first. */
    AgentArguments ofSession(int session) {
        if (session == 0) {
            return this;
        }
        String next = name + "-" + session;
        return new AgentArguments(workload, next, backend, store, history.resolveSibling(next + ".history"), seed);
    }

    /** Of the seed, the name and the work, so that each life of each agent does something else. */
    Random random(String work) {
        return new Random(seed * 31 + (name + work).hashCode());
    }
}
