package dev.agentcoord.harness;

import java.nio.file.Path;
import java.util.List;

/**
 * What a simulated agent is told when it starts.
 *
 * @param name of the agent and of its life
 * @param backend as {@link BackendOpener#named} reads it
 * @param store where the store is
 * @param history the file for its own account
 * @param seed of the run
 */
record AgentArguments(String name, String backend, Path store, Path history, long seed) {
    static AgentArguments parse(String... words) {
        return new AgentArguments(words[0], words[1], Path.of(words[2]), Path.of(words[3]), Long.parseLong(words[4]));
    }

    List<String> words() {
        return List.of(name, backend, store.toString(), history.toString(), Long.toString(seed));
    }
}
