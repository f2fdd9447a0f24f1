package dev.agentcoord.harness;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.Coordinator;
import dev.agentcoord.DeadlockException;
import dev.agentcoord.Grant;
import dev.agentcoord.GrantLostException;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Locks;
import dev.agentcoord.NotHeldException;
import dev.agentcoord.OutcomeUnknownException;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.Wait;
import dev.agentcoord.WaitTimeoutException;
import dev.agentcoord.harness.history.Call.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * The main class of one simulated agent: joins, says {@code ready}, waits for a line on its standard input, then asks for locks and
 * gives them up until its standard input ends, as it does when its parent dies.
 */
final class LockAgent {
    private final Locks locks;
    private final Recorder record;
    private final Catalogue catalogue;
    private final Random random;
    private int attempt;

    private LockAgent(Locks locks, Recorder record, AgentArguments arguments) {
        this.locks = locks;
        this.record = record;
        this.catalogue = new Catalogue(arguments.seed());
        this.random = new Random(arguments.seed() * 31 + arguments.name().hashCode());
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        AgentArguments arguments = AgentArguments.parse(args);
        try (Coordinator coordinator = BackendOpener.named(arguments.backend()).open(arguments.store());
                Session session = coordinator.join(Participant.named(arguments.name()));
                Recorder record = new Recorder(arguments.history())) {
            LockAgent agent = new LockAgent(session.locks(), record, arguments);
            System.out.println("ready");
            Input input = Input.awaitStart(System.in);
            while (!input.hasEnded()) {
                agent.work();
            }
        }
    }

    private void work() throws InterruptedException {
        attempt++;
        int number = catalogue.pick(random);
        record.asks(attempt, number);
        try {
            Optional<Grant> grant = ask(catalogue.get(number));
            long at = System.nanoTime();
            if (grant.isPresent()) {
                record.isGranted(attempt, at, grant.get().token());
                hold(grant.get());
            } else {
                record.isNotGranted(attempt, Outcome.REFUSED, "taken");
            }
        } catch (CoordinationException e) {
            record.isNotGranted(attempt, outcome(e), e.getClass().getSimpleName());
        }
    }

    private Optional<Grant> ask(LockRequest request) throws InterruptedException {
        int kind = random.nextInt(20);
        if (kind < 4) {
            return locks.tryAcquire(request);
        }
        return Optional.of(locks.acquire(request, Wait.upTo(Duration.ofMillis(kind < 6 ? 3_000 : 200))));
    }

    private void hold(Grant grant) {
        int kind = random.nextInt(20);
        if (kind < 4) {
            LockSupport.parkNanos(random.nextInt(kind == 0 ? 3_000_000 : 200_000));
            attempt(Recorder.Step.CHECK, grant::check);
        }
        attempt(Recorder.Step.RELEASE, grant::release);
    }

    private void attempt(Recorder.Step step, Runnable call) {
        record.begins(step, attempt);
        try {
            call.run();
            record.ended(step, attempt, Outcome.OK, "-");
        } catch (CoordinationException e) {
            record.ended(step, attempt, outcome(e), e.getClass().getSimpleName());
        }
    }

    private static Outcome outcome(CoordinationException e) {
        if (e instanceof WaitTimeoutException || e instanceof DeadlockException) {
            return Outcome.REFUSED;
        }
        if (e instanceof GrantLostException || e instanceof NotHeldException) {
            return Outcome.LOST;
        }
        return e instanceof OutcomeUnknownException ? Outcome.UNKNOWN : Outcome.FAILED;
    }
}
