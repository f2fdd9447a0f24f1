package dev.agentcoord.harness;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.harness.Recorder.Kind;
import dev.agentcoord.harness.history.Call.Outcome;
import java.io.IOException;

/**
 * The main class of one simulated agent: joins, says {@code ready}, waits for a line on its standard input, then works until its standard
 * input ends, as it does when its parent dies.
 */
final class Agent {
    private Agent() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        AgentArguments arguments = AgentArguments.parse(args);
        try (Coordinator coordinator = BackendOpener.named(arguments.backend()).open(arguments.store());
                Recorder record = new Recorder(arguments.history())) {
            int close = workAndClose(coordinator, record, arguments);
            record.ended(Kind.SESSION, close, System.nanoTime(), Outcome.OK, "-");
        }
    }

    /** Returns the number of the call that closed the session. */
    private static int workAndClose(Coordinator coordinator, Recorder record, AgentArguments arguments)
            throws IOException, InterruptedException {
        try (Session session = coordinator.join(Participant.named(arguments.name()))) {
            Work work = Work.of(session, record, arguments);
            System.out.println("ready");
            Input input = Input.awaitStart(System.in);
            while (!input.hasEnded()) {
                work.once();
            }
            return record.begins(Kind.SESSION, "close");
        }
    }
}
