package dev.agentcoord.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.FencingToken;
import dev.agentcoord.Item;
import dev.agentcoord.LockInfo;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Participant;
import dev.agentcoord.SessionId;
import dev.agentcoord.SessionInfo;
import dev.agentcoord.TicketId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ViewsTest {
    private static final SessionInfo BOB = new SessionInfo(
            new SessionId("1".repeat(26)), Participant.named("bob"), "dev", "here", "boot", 0, Instant.EPOCH, 1);

    @Test
    void a_lock_is_shown_with_its_task_and_with_those_who_wait() {
        LockView lock = view(BOB, "web/t1", List.of(new TicketId(8), new TicketId(9)));

        assertThat(Views.line(lock)).matches("#7 held src/  by bob@here for task web/t1  .* ago  awaited by #8 #9");
        assertThat(Views.map(lock)).containsEntry("task", "web/t1").containsEntry("waiters", List.of(8L, 9L));
    }

    @Test
    void a_lock_without_either_shows_neither() {
        assertThat(Views.line(view(BOB, "", List.of()))).matches("#7 held src/  by bob@here  \\S+ ago");
    }

    @Test
    void the_lock_of_a_task_that_nobody_claims_says_so() {
        assertThat(Views.line(view(LockInfo.PARKED, "web/t1", List.of())))
                .startsWith("#7 held src/  of task web/t1, which nobody claims  ");
    }

    private static LockView view(SessionInfo owner, String task, List<TicketId> waiters) {
        return LockView.unasked(new LockInfo(
                new TicketId(7),
                owner,
                task,
                LockRequest.exclusive(Item.tree("src")),
                new FencingToken(1, 7, 0),
                true,
                Instant.now(),
                List.of(),
                waiters));
    }
}
