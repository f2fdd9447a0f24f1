package dev.agentcoord.testkit.memory;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.Item.tree;
import static dev.agentcoord.LockRequest.exclusive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.Claim;
import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.NewTask;
import dev.agentcoord.Participant;
import dev.agentcoord.Recipient;
import dev.agentcoord.Retry;
import dev.agentcoord.Session;
import dev.agentcoord.StoreUnavailableException;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.spi.Placement;
import dev.agentcoord.spi.TicketDraft;
import dev.agentcoord.testkit.FakeTime;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** That a task and the session that claims it never come to hold the same, whatever comes in between. */
final class PartingTest {
    private final FakeTime time = new FakeTime();
    private final Interlude whilePlaced = new Interlude();

    private final Interlude beforeBound = new Interlude();
    private final Interlude beforeRemoved = new Interlude();
    private final MemoryBackend space = new MemoryBackend("parting", time) {
        @Override
        Placement place(MemorySession session, TicketDraft draft, boolean keepBlocked) {
            Placement placed = super.place(session, draft, keepBlocked);
            whilePlaced.run();
            return placed;
        }

        @Override
        synchronized Ticket bind(MemorySession session, Ticket mine, Claim to) {
            beforeBound.run();
            return super.bind(session, mine, to);
        }

        @Override
        boolean remove(MemorySession session, Ticket mine) {
            beforeRemoved.run();
            return super.remove(session, mine);
        }
    };
    private final Coordinator coordinator = MemoryCoordinator.over(space, time);
    private final Session alice = coordinator.join(Participant.named("alice"));
    private final Session bob = coordinator.join(Participant.named("bob"));
    private final Grant own = hold("src/a");
    private final Claim claim = claimNew();

    @AfterEach
    void close() {
        coordinator.close();
    }

    @Test
    void nothing_is_bound_that_overlaps_with_a_request_on_its_way() {
        whilePlaced.set(this::assertNotBound);

        Grant all = all();

        assertNotBound();
        all.check();
        assertThat(claim.grants()).isEmpty();
    }

    @Test
    void a_request_that_overlaps_with_what_is_being_bound_is_refused() {
        beforeBound.set(() -> {
            assertThatThrownBy(this::all)
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("which you claim, has src/a");
            hold("docs/a");
        });

        claim.bind(own);

        assertThat(claim.grants()).containsExactly(own);
    }

    @Test
    void a_request_that_was_not_granted_is_in_the_way_of_nothing() {
        assertThat(bob.locks().tryAcquire(exclusive(file("src/b")))).isPresent();
        assertThat(alice.locks().tryAcquire(exclusive(tree("src")))).isEmpty();

        claim.bind(own);

        assertThat(claim.grants()).containsExactly(own);
    }

    @Test
    void a_lock_that_was_stolen_is_in_the_way_of_nothing() {
        Grant all = all();
        bob.locks().steal(coordinator.locks().get(1).id(), "needed");

        claim.bind(own);

        assertThat(claim.grants()).containsExactly(own);
        assertThat(all.theft()).isPresent();
    }

    @Test
    void a_lock_that_is_being_released_is_in_the_way_until_the_store_has_removed_it() {
        Grant all = all();
        beforeRemoved.set(this::assertNotBound);
        all.release();

        claim.bind(own);

        assertThat(claim.grants()).containsExactly(own);
    }

    @Test
    void a_task_of_whose_locks_not_all_could_be_bound_is_not_handed_on_before_they_are() {
        Grant all = all();
        beforeBound.set(() -> beforeBound.set(this::fail));
        assertThatThrownBy(() -> claim.bind(List.of(own, all))).isInstanceOf(StoreUnavailableException.class);

        assertThatThrownBy(() -> claim.handoff(Recipient.anyone(), ""))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("bind both");
        assertThatThrownBy(() -> claim.release(Duration.ZERO)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> claim.fail("no network", Retry.after(Duration.ZERO)))
                .isInstanceOf(InvalidRequestException.class);

        claim.bind(List.of(own, all));
        claim.handoff(Recipient.anyone(), "");
        assertThat(bob.queue("work").tryClaim().orElseThrow().grants()).hasSize(2);
    }

    private Claim claimNew() {
        alice.queue("work").enqueue(NewTask.of("rename"));
        return alice.queue("work").tryClaim().orElseThrow();
    }

    private void assertNotBound() {
        assertThatThrownBy(() -> claim.bind(own)).isInstanceOf(InvalidRequestException.class);
    }

    private void fail() {
        throw new StoreUnavailableException(own, "out of reach; try again", null);
    }

    private Grant all() {
        return alice.locks().tryAcquire(exclusive(tree("src"))).orElseThrow();
    }

    private Grant hold(String path) {
        return alice.locks().tryAcquire(exclusive(file(path))).orElseThrow();
    }

    /** What happens once, in the midst of the next call. */
    private static final class Interlude {
        private @Nullable Runnable next;

        void set(Runnable interlude) {
            next = interlude;
        }

        void run() {
            Runnable now = next;
            next = null;
            if (now != null) {
                now.run();
            }
        }
    }
}
