package dev.agentcoord.harness;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.Grant;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Locks;
import dev.agentcoord.Session;
import dev.agentcoord.Wait;
import dev.agentcoord.harness.history.Call.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Asks for locks and gives them up. */
final class LockWork implements Work {
    private static final long LONG_HOLD = TimeUnit.SECONDS.toNanos(4);
    private static final long BETWEEN_CHECKS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Locks locks;
    private final Doubt doubt;
    private final Recorder record;
    private final Catalogue catalogue;
    private final Random random;
    /** Whether a grant can be lost to nobody's fault, which shows only while it is held for long. */
    private final boolean canBeLost;

    private int attempt;

    LockWork(Session session, Recorder record, AgentArguments arguments) {
        this.doubt = Doubt.of(session);
        this.canBeLost = Promises.of(arguments.backend()).endsBySilence();
        this.locks = session.locks();
        this.record = record;
        this.catalogue = new Catalogue(arguments.seed());
        this.random = arguments.random("locks");
    }

    @Override
    public void once() throws InterruptedException {
        attempt++;
        int number = catalogue.pick(random);
        int before = doubt.now();
        record.asks(attempt, number);
        try {
            Optional<Grant> grant = ask(catalogue.get(number));
            long at = System.nanoTime();
            if (grant.isPresent()) {
                record.isGranted(attempt, at, grant.get().token());
                hold(grant.get());
            } else {
                refused(before, Outcome.REFUSED, "taken");
            }
        } catch (CoordinationException e) {
            refused(before, Outcomes.of(e), e.getClass().getSimpleName());
        }
    }

    private void refused(int before, Outcome outcome, String why) {
        if (outcome == Outcome.REFUSED && doubt.since(before)) {
            record.isNotGranted(attempt, Outcome.FAILED, "suspended");
        } else {
            record.isNotGranted(attempt, outcome, why);
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
        if (canBeLost && random.nextInt(40) == 0) {
            holdLong(grant);
            attempt(Recorder.Step.CHECK, grant::check);
        } else if (kind < 4) {
            LockSupport.parkNanos(random.nextInt(kind == 0 ? 3_000_000 : 200_000));
            attempt(Recorder.Step.CHECK, grant::check);
        }
        attempt(Recorder.Step.RELEASE, grant::release);
    }

    /** Asks all the time, until it is no longer certain; the check that follows tells why. */
    private void holdLong(Grant grant) {
        long end = System.nanoTime() + (long) (random.nextDouble() * LONG_HOLD);
        try {
            for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
                grant.check();
                record.holds(attempt, now);
                LockSupport.parkNanos(BETWEEN_CHECKS);
            }
        } catch (CoordinationException e) {
            return;
        }
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
