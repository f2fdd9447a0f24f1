package dev.agentcoord.harness;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import java.nio.file.Path;

/** The main class of an agent that works alone for a moment, in a store of its own, so that it is known which classes agents need. */
final class Rehearsal {
    private static final int TURNS = 400;

    private Rehearsal() {}

    public static void main(String[] args) throws InterruptedException {
        Path directory = Path.of(args[0]);
        AgentArguments arguments = new AgentArguments(
                Plan.Workload.MIXED, "rehearsal", "fs", directory.resolve("store"), directory.resolve("history"), 0);
        try (Coordinator coordinator = BackendOpener.named(arguments.backend()).open(arguments.store());
                Session session = coordinator.join(Participant.named(arguments.name()));
                Recorder record = new Recorder(arguments.history())) {
            Work work = Work.of(session, record, arguments);
            for (int turn = 0; turn < TURNS; turn++) {
                work.once();
            }
        }
    }
}
