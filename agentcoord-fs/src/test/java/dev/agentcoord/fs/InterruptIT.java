package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.Wait;
import dev.agentcoord.testkit.Campaign;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Threads that are interrupted again and again, in a process that also holds a lock, beside another process in the same section. */
final class InterruptIT {
    @TempDir
    private Path dir;

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger interrupted = new AtomicInteger();
    private final AtomicInteger granted = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    @Test
    void interruptsOfOneThreadBreakNoLockOfAnotherNorTheSection() throws Exception {
        Path account = dir.resolve("account");
        Path store = dir.resolve("store");
        try (Children mixers =
                        Children.start(1, i -> Child.start(Mixer.class, store, account, Campaign.seed(), "2000"));
                Coordinator coordinator = FsCoordinator.open(store, "mixed");
                Session session = coordinator.join(Participant.named("here"));
                Grant held = session.locks().acquire(exclusive("held"), Wait.forever())) {
            mixers.get(0).send("go");
            Thread victim = new Thread(() -> lockAndUnlock(coordinator));
            victim.start();
            interruptUntilDone(victim, mixers);
            held.verify();
            try (Child other = Child.start(Puppet.class, store, "mixed", "other")) {
                other.awaitReady();
                assertThat(other.ask("try held")).isEqualTo("taken");
                assertThat(other.ask("try d0/f0")).doesNotContain("Exception");
            }
        }
        assertThat(failure.get()).isNull();
        assertThat(granted).hasPositiveValue();
        assertThat(interrupted).hasPositiveValue();
        assertThat(Accounts.read(List.of(account)).violations()).isEmpty();
    }

    private void interruptUntilDone(Thread victim, Children mixers) throws IOException, InterruptedException {
        Random random = new Random(Campaign.seed());
        Thread interrupter = new Thread(() -> {
            while (!over.get()) {
                LockSupport.parkNanos(random.nextInt(400_000));
                victim.interrupt();
            }
        });
        interrupter.start();
        assertThat(mixers.receiveAll()).containsExactly("done 0");
        over.set(true);
        interrupter.join();
        victim.join();
    }

    private void lockAndUnlock(Coordinator coordinator) {
        try (Session session = coordinator.join(Participant.named("interrupted"))) {
            Random random = new Random(Campaign.seed());
            while (!over.get()) {
                lockOnce(session, Ask.random(random).request());
            }
            Thread.interrupted();
        } catch (RuntimeException | Error e) {
            failure.set(e);
        }
    }

    private void lockOnce(Session session, LockRequest request) {
        try (Grant grant = session.locks().acquire(request, Wait.forever())) {
            grant.check();
            granted.incrementAndGet();
        } catch (InterruptedException e) {
            interrupted.incrementAndGet();
        }
    }

    private static LockRequest exclusive(String path) {
        return LockRequest.exclusive(Item.file(path));
    }
}
