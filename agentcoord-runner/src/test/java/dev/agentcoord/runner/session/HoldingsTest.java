package dev.agentcoord.runner.session;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.LockRequest.exclusive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.GrantLostException;
import dev.agentcoord.LockRequest;
import dev.agentcoord.NotHeldException;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.testkit.memory.MemoryBackend;
import dev.agentcoord.testkit.memory.MemoryCoordinator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class HoldingsTest {
    private static final LockRequest BOTH = exclusive(file("a"), file("b"));

    private final MemoryBackend space = new MemoryBackend("holdings", TimeSource.system());
    private final Coordinator coordinator = MemoryCoordinator.over(space, TimeSource.system());
    private final Session session = coordinator.join(Participant.named("alice"));
    private final Holdings holdings = new Holdings();
    private final Grant grant = session.locks().tryAcquire(BOTH).orElseThrow();

    @AfterEach
    void close() {
        coordinator.close();
    }

    @Test
    void what_a_suspended_session_holds_is_not_taken_for_lost_and_can_be_given_up_later() {
        holdings.keep(grant);
        space.suspend(session.info().id());

        assertThat(holdings.losses()).isEmpty();
        assertThat(holdings.grants()).containsExactly(grant);
        assertThatThrownBy(() -> holdings.release(exclusive(file("a")))).isInstanceOf(NotHeldException.class);

        space.reconnect(session.info().id());
        holdings.release(BOTH);
        assertThat(coordinator.locks()).isEmpty();
    }

    @Test
    void what_was_stolen_is_lost_until_somebody_was_told() {
        holdings.keep(grant);
        coordinator
                .join(Participant.named("thief"))
                .locks()
                .steal(coordinator.locks().get(0).id(), "stuck");

        assertThat(holdings.losses()).containsOnlyKeys(grant);
        assertThat(holdings.grants()).isEmpty();

        holdings.forget(holdings.losses().keySet());
        assertThat(holdings.losses()).isEmpty();
    }

    @Test
    void giving_up_a_part_of_what_was_stolen_says_that_it_is_lost() {
        holdings.keep(grant);
        coordinator
                .join(Participant.named("thief"))
                .locks()
                .steal(coordinator.locks().get(0).id(), "stuck");

        assertThatThrownBy(() -> holdings.release(exclusive(file("a")))).isInstanceOf(GrantLostException.class);
    }
}
