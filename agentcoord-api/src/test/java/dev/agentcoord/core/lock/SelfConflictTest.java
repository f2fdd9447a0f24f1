package dev.agentcoord.core.lock;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.Item.pool;
import static dev.agentcoord.Item.tree;
import static dev.agentcoord.LockRequest.exclusive;
import static dev.agentcoord.LockRequest.permits;
import static dev.agentcoord.LockRequest.shared;
import static dev.agentcoord.core.lock.Tickets.owner;
import static dev.agentcoord.core.lock.Tickets.ticket;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.LockRequest;
import dev.agentcoord.TaskId;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class SelfConflictTest {
    private static final Owner TASK = Owner.task("work", new TaskId("T-1"));
    private static final Set<Owner> PARTY = Set.of(TASK, owner(1));

    @Test
    void aSessionDoesNotWaitForItsOwnTask() {
        assertThatThrownBy(() -> refuse(ticket(9, 1, exclusive(file("src/a"))), of(TASK, 3, exclusive(tree("src")))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("task work/T-1, which you claim, has src/")
                .hasMessageContaining("ask under that claim");
    }

    @Test
    void aTaskDoesNotWaitForItsOwnClaimer() {
        assertThatThrownBy(() -> refuse(of(TASK, 9, exclusive(file("a"))), ticket(3, 1, shared(file("a")))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("bind that grant to the claim first");
    }

    @Test
    void waitingForOthersIsWaiting() {
        assertThatCode(() -> refuse(ticket(9, 1, exclusive(file("a"))), ticket(3, 2, exclusive(file("a")))))
                .doesNotThrowAnyException();
    }

    @Test
    void permitsMayComeBackFromOthers() {
        LockRequest one = permits(pool("build", 2), 1);
        assertThatCode(() -> refuse(ticket(9, 1, one), of(TASK, 3, one), ticket(4, 2, one)))
                .doesNotThrowAnyException();
    }

    @Test
    void whatOverlapsIsNotPartedInEitherOrder() {
        Ticket given = of(TASK, 3, exclusive(file("src/a")));
        assertThatThrownBy(() -> part(given, exclusive(file("docs")), shared(tree("src"))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("src/a, as a lock of task work/T-1, overlaps with shared src/")
                .hasMessageContaining("bind both in one call, or release");
    }

    @Test
    void whatDoesNotConflictIsParted() {
        LockRequest one = permits(pool("build", 1), 1);
        Ticket given = of(TASK, 3, one.andShared(file("src/a")).andExclusive(file("b")));
        assertThatCode(() -> part(given, one, shared(tree("src")), exclusive(file("c"))))
                .doesNotThrowAnyException();
    }

    private static void part(Ticket given, LockRequest... staying) {
        SelfConflict.refuseToPart(
                List.of(given),
                Stream.of(staying)
                        .map(wants -> ticket(Long.MAX_VALUE, 1, wants))
                        .toList());
    }

    private static Ticket of(Owner owner, long position, LockRequest wants) {
        return ticket(position, 0, wants).of(owner, 1);
    }

    private static void refuse(Ticket ticket, Ticket... blockers) {
        SelfConflict.refuse(ticket, List.of(blockers), PARTY::contains);
    }
}
