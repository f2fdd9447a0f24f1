package dev.agentcoord.core.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.FencingToken;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.SessionId;
import dev.agentcoord.TaskId;
import org.junit.jupiter.api.Test;

final class OwnerTest {
    private static final SessionId SESSION = new SessionId("0".repeat(25) + "7");

    @Test
    void anOwnerIsOneSessionOrATask() {
        assertThat(Owner.session(SESSION).is(SESSION)).isTrue();
        assertThat(Owner.session(SESSION).is(new SessionId("0".repeat(26)))).isFalse();
        assertThat(new Owner(Owner.Kind.TASK, SESSION.text()).is(SESSION)).isFalse();
    }

    @Test
    void anOwnerIsShownAsItsIdAndATaskAsATask() {
        assertThat(Owner.session(SESSION)).hasToString(SESSION.text());
        assertThat(Owner.task("work", new TaskId("T-1"))).hasToString("task:work/T-1");
    }

    @Test
    void aRequestWithoutAClaimIsForTheSessionItself() {
        assertThat(Owner.of(LockRequest.exclusive(Item.file("a")), SESSION)).isEqualTo(Owner.session(SESSION));
    }

    @Test
    void aTicketBelongsToASessionUnlessItIsATasks() {
        Ticket ticket =
                new Ticket(42, 3, Owner.session(SESSION), 0, LockRequest.exclusive(Item.file("a")), Tickets.SINCE);
        assertThat(ticket.session()).isEqualTo(SESSION);
        assertThatThrownBy(() ->
                        ticket.of(Owner.task("work", new TaskId("T-1")), 4).session())
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("task work/T-1");
    }

    @Test
    void aTicketCarriesItsPlaceAsItsToken() {
        Ticket ticket =
                new Ticket(42, 3, Owner.session(SESSION), 0, LockRequest.exclusive(Item.file("a")), Tickets.SINCE);
        assertThat(ticket.token(9)).isEqualTo(new FencingToken(9, 42, 3));
    }
}
