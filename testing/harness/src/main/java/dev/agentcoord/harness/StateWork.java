package dev.agentcoord.harness;

import dev.agentcoord.SharedState;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** Reads and writes a few keys, with and without conditions; most conditions are of what was read a moment ago. */
final class StateWork implements Work {
    private static final int KEYS = 24;

    private final StateCalls calls;
    private final Random random;
    private final Map<String, Long> known = new HashMap<>();

    StateWork(SharedState state, Recorder record, AgentArguments arguments) {
        this.calls = new StateCalls(state, record, arguments.name());
        this.random = arguments.random("state");
    }

    @Override
    public void once() {
        String key = "k/" + random.nextInt(KEYS);
        long revision = known.getOrDefault(key, 0L);
        int kind = random.nextInt(20);
        if (kind < 10) {
            known.put(key, calls.get(key));
        } else if (kind < 13) {
            known.put(key, calls.put(key));
        } else if (kind < 15 || revision == 0) {
            known.put(key, calls.putIfAbsent(key));
        } else if (kind < 18) {
            known.put(key, calls.compareAndSet(key, revision));
        } else {
            calls.delete(key, revision);
        }
    }
}
