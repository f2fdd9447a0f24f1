package dev.agentcoord.harness;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.Grant;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Locks;
import dev.agentcoord.Wait;
import dev.agentcoord.harness.history.Call.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** Asks for locks and gives them up. */
final class LockWork implements Work {
    private final Locks locks;
    private final Recorder record;
    private final Catalogue catalogue;
    private final Random random;
    private int attempt;

    LockWork(Locks locks, Recorder record, AgentArguments arguments) {
        this.locks = locks;
        this.record = record;
        this.catalogue = new Catalogue(arguments.seed());
        this.random = arguments.random("locks");
    }

    @Override
    public void once() throws InterruptedException {
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
            record.isNotGranted(attempt, Outcomes.of(e), e.getClass().getSimpleName());
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
            record.ended(step, attempt, Outcomes.of(e), e.getClass().getSimpleName());
        }
    }
}
