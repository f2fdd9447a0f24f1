package dev.agentcoord.runner.cli;

import dev.agentcoord.runner.control.ControlClient;
import dev.agentcoord.runner.control.Reply;
import dev.agentcoord.runner.control.Request;
import dev.agentcoord.runner.session.AgentRun;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Sends a new run's socket a few commands without effect, so that the agent's first one finds its classes loaded. */
final class WarmUp {
    private static final int ROUNDS = 20;

    private WarmUp() {}

    static void start(AgentRun run) {
        Thread thread = new Thread(() -> warm(run), "warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    private static void warm(AgentRun run) {
        String name = "name:agent:" + run.record().agent(); // Held by the run already, so nobody else notices.
        try {
            for (int round = 0; round < ROUNDS && !run.over().isDone(); round++) {
                call(run, List.of("lock", "-q", name));
                call(run, List.of("unlock", name));
            }
        } catch (IOException e) {
            // The run ended meanwhile.
        }
    }

    private static void call(AgentRun run, List<String> words) throws IOException {
        try (ControlClient client = ControlClient.connect(run.record().runtime().controlSocket())) {
            client.call(run.place().root(), Set.of(Request.UNREAD), words, new Silence());
        }
    }

    /** Nobody reads it. */
    private static final class Silence implements Reply {
        @Override
        public void out(String line) {}

        @Override
        public void err(String line) {}

        @Override
        public void raw(byte[] bytes) {}

        @Override
        public void flush() {}
    }
}
