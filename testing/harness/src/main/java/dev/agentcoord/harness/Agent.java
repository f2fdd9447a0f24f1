package dev.agentcoord.harness;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.SessionStatus;
import dev.agentcoord.harness.Recorder.Kind;
import dev.agentcoord.harness.history.Call.Outcome;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The main class of one simulated agent: joins, says {@code ready}, waits for a line on its standard input, then works until its standard
 * input ends, as it does when its parent dies. When its session is lost it joins again.
 */
final class Agent {
    private final AgentArguments arguments;
    private final Input input;

    private Agent(AgentArguments arguments, Input input) {
        this.arguments = arguments;
        this.input = input;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        new Agent(AgentArguments.parse(args), Input.of(System.in)).run();
    }

    private void run() throws InterruptedException {
        Optional<Coordinator> opened =
                Patience.until(() -> BackendOpener.named(arguments.backend()).open(arguments.store()), input::hasEnded);
        if (opened.isEmpty()) {
            return;
        }
        try (Coordinator coordinator = opened.get()) {
            for (int session = 0; !input.hasEnded(); session++) {
                live(coordinator, session);
            }
        }
    }

    private void live(Coordinator coordinator, int number) throws InterruptedException {
        AgentArguments own = arguments.ofSession(number);
        Optional<Session> joined =
                Patience.until(() -> coordinator.join(Participant.named(own.name())), input::hasEnded);
        if (joined.isEmpty()) {
            return;
        }
        try (Session session = joined.get();
                Recorder record = new Recorder(own.history())) {
            Work work = Work.of(session, record, own);
            if (number == 0) {
                System.out.println("ready");
                input.awaitStart();
            }
            while (!input.hasEnded() && session.status() != SessionStatus.LOST) {
                work.once();
                if (session.safeFor().isZero()) {
                    TimeUnit.MILLISECONDS.sleep(Patience.PAUSE_MILLIS);
                }
            }
            close(session, record);
        }
    }

    private static void close(Session session, Recorder record) {
        int close = record.begins(Kind.SESSION, "close");
        boolean lost = session.status() == SessionStatus.LOST;
        session.close();
        lost |= session.status() == SessionStatus.LOST;
        record.ended(Kind.SESSION, close, System.nanoTime(), lost ? Outcome.LOST : Outcome.OK, "-");
    }
}
