package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.Claim;
import dev.agentcoord.CoordinationException;
import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.NewTask;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.TicketId;
import dev.agentcoord.Wait;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lock that becomes a task's while somebody steals it from its session. */
final class StolenWhileBoundIT {
    @TempDir
    private Path root;

    /** Mostly the binding comes between the two turns of the theft; where the thief is faster, that is one as well. */
    @Test
    void aLockIsEitherStolenOrBecomesATasks() throws Exception {
        try (Coordinator coordinator = FsCoordinator.open(root, "web")) {
            Session holder = coordinator.join(Participant.named("holder"));
            Session thief = coordinator.join(Participant.named("thief"));
            holder.queue("work").enqueue(NewTask.of("x"));
            Claim claim = holder.queue("work").claim(Wait.none());
            Grant grant = holder.locks().acquire(Peer.wants("a"), Wait.none());
            CompletableFuture<Grant> waiting =
                    coordinator.join(Participant.named("next")).locks().acquireAsync(Peer.wants("a"), Wait.forever());
            TicketId ticket = new TicketId(grant.token().position());
            Attempt theft = new Attempt(() -> thief.locks().steal(ticket, "needed"));
            Attempt binding = new Attempt(() -> claim.bind(grant));
            Space.open(root, "web", FsOptions.defaults()).section().run(turn -> {
                theft.startAndWait();
                binding.startAndWait();
                return turn;
            });
            assertThat(theft.succeeds()).isNotEqualTo(binding.succeeds());
            if (binding.succeeds()) {
                grant.check();
                assertThat(waiting).isNotDone();
            } else {
                assertThat(waiting).succeedsWithin(Duration.ofSeconds(10));
            }
        }
    }

    /** Something that is tried on a thread of its own. */
    private static final class Attempt {
        private final CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        private final Thread thread;

        Attempt(Runnable deed) {
            thread = new Thread(() -> {
                try {
                    deed.run();
                    outcome.complete(true);
                } catch (CoordinationException e) {
                    outcome.complete(false);
                }
            });
        }

        /** Until it stands before the section. */
        void startAndWait() {
            thread.start();
            await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        }

        boolean succeeds() {
            return outcome.join();
        }
    }
}
