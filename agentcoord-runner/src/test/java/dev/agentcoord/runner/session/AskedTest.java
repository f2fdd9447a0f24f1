package dev.agentcoord.runner.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.Intervention;
import dev.agentcoord.SessionId;
import dev.agentcoord.TicketId;
import dev.agentcoord.core.Limits;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AskedTest {
    private final Asked asked = new Asked();

    @Test
    void a_question_is_new_until_it_is_told_and_stands_until_its_ticket_is_gone() {
        Intervention one = question(1, "why not");
        asked.add(one);
        asked.told(List.of(one));

        assertThat(asked.untold()).isEmpty();
        assertThat(asked.open()).containsExactly(one);
        asked.removeFor(List.of(new TicketId(1)));
        assertThat(asked.open()).isEmpty();
    }

    @Test
    void whoever_asks_again_takes_the_place_of_the_question_and_is_told_again() {
        Intervention one = question(1, "please");
        asked.add(one);
        asked.told(List.of(one));
        Intervention again = question(1, "still");
        asked.add(again);

        assertThat(asked.open()).containsExactly(again);
        assertThat(asked.untold()).containsExactly(again);
    }

    @Test
    void only_the_latest_are_kept() {
        for (int ticket = 0; ticket < 1_000; ticket++) {
            asked.add(question(ticket, "flood"));
        }

        assertThat(asked.open()).hasSize(Limits.RELEASE_REQUESTS).contains(question(999, "flood"));
        assertThat(asked.untold()).hasSize(Limits.RELEASE_REQUESTS);
    }

    private static Intervention question(long ticket, String reason) {
        return new Intervention(
                Intervention.Kind.RELEASE_REQUESTED,
                new TicketId(ticket),
                "src/",
                "alice",
                new SessionId("0".repeat(26)),
                "bob",
                "dev",
                reason,
                Instant.EPOCH);
    }
}
