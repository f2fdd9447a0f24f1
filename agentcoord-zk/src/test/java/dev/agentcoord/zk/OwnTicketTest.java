package dev.agentcoord.zk;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.LockRequest.exclusive;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.SessionId;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whether the end of another ticket lets a waiting one in, without another look. */
final class OwnTicketTest {
    private static final int LINK = 3;

    private final OwnTicket waiting = new OwnTicket(ticket(2), "mine", () -> {});

    private static Ticket ticket(long position) {
        return new Ticket(position, 0, Owner.session(SessionId.random()), 1, exclusive(file("a")), Instant.EPOCH);
    }

    private void standsBehindOne() {
        waiting.standsBehind(new OwnTicket.Line(List.of(ticket(1)), List.of("first"), "/locks/first", LINK));
    }

    @Test
    void the_end_of_the_last_lets_it_in() {
        standsBehindOne();
        waiting.gone("/locks/first", LINK);
        assertThat(waiting.isAdmitted()).isTrue();
    }

    @Test
    void the_end_of_another_does_not() {
        standsBehindOne();
        waiting.gone("/locks/second", LINK);
        assertThat(waiting.isAdmitted()).isFalse();
    }

    @Test
    void nor_does_it_when_heard_of_over_a_later_connection() {
        standsBehindOne();
        waiting.gone("/locks/first", LINK + 1);
        assertThat(waiting.isAdmitted()).isFalse();
    }

    @Test
    void of_several_the_last_but_one_is_awaited_and_its_end_does_not_let_it_in() {
        waiting.standsBehind(
                new OwnTicket.Line(List.of(ticket(0), ticket(1)), List.of("first", "second", "third"), null, LINK));
        assertThat(waiting.awaited()).isEqualTo("second");
        waiting.gone("/locks/second", LINK);
        assertThat(waiting.isAdmitted()).isFalse();
    }
}
