package dev.agentcoord.fs;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.LockRequest.exclusive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.Claim;
import dev.agentcoord.Coordinator;
import dev.agentcoord.NewTask;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.TaskId;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Since when a task's locks are parked, whatever happens around it. */
final class ParkingIT extends JoinedSpace {
    private static final Duration MOMENT = Duration.ofSeconds(2);

    @Test
    void aTaskOfABatchIsParkedSinceItsOwnReleaseWhateverItsSiblingsDo() {
        try (Coordinator coordinator = FsCoordinator.open(dir, "web", FsOptions.defaults())) {
            Session alice = coordinator.join(Participant.named("alice"));
            Session bob = coordinator.join(Participant.named("bob"));
            park(alice, MOMENT, NewTask.of("sibling").priority(0));

            await().atMost(Duration.ofSeconds(20)).until(() -> {
                claim(alice).release(Duration.ZERO);
                return bob.locks().tryAcquire(exclusive(file("a"))).isPresent();
            });
        }
    }

    /** The first of two, which share a file, with a lock. */
    private static void park(Session session, Duration timeout, NewTask sibling) {
        session.queue("work")
                .enqueueAll(
                        List.of(NewTask.of("parked").id(new TaskId("parked")).parkTimeout(timeout), sibling));
        Claim other = claim(session);
        Claim parked = claim(session);
        assertThat(session.locks().tryAcquire(exclusive(file("a")).under(parked)))
                .isPresent();
        parked.release(Duration.ZERO);
        other.release(Duration.ZERO);
    }

    private static Claim claim(Session session) {
        return session.queue("work").tryClaim().orElseThrow();
    }

    @Test
    void severalThreadsOfASessionMayLookAtParkedLocksAtATime() throws Exception {
        try (Coordinator coordinator = FsCoordinator.open(dir, "web", FsOptions.defaults())) {
            Session alice = coordinator.join(Participant.named("alice"));
            park(alice, Duration.ofHours(1), NewTask.of("sibling").priority(0));
            Owner task = Owner.task("work", new TaskId("parked"));
            List<Ticket> blockers = space.section().run(turn -> space.book().of(turn, task));
            assertThat(blockers).hasSize(1);
            Parking parking = new Parking(space, (FsStoreSession) session);
            ExecutorService threads = Executors.newFixedThreadPool(4);
            try {
                Callable<Integer> look = () -> {
                    int given = 0;
                    for (int i = 0; i < 100; i++) {
                        given += parking.clear(blockers) ? 1 : 0;
                    }
                    return given;
                };
                List<Integer> given = new ArrayList<>();
                for (Future<Integer> each : threads.invokeAll(Collections.nCopies(4, look))) {
                    given.add(each.get());
                }
                assertThat(given).containsOnly(0);
            } finally {
                threads.shutdownNow();
            }
        }
    }
}
