package dev.agentcoord.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.NewTask;
import dev.agentcoord.Participant;
import dev.agentcoord.Recipient;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RouteTest {
    private static final Participant BOB = Participant.named("bob").capabilities(Set.of("java", "review"));

    @Test
    void whoIsNamedOrHasAllThatIsNeededIsAdmitted() {
        assertThat(Route.ANYONE.admits(BOB)).isTrue();
        assertThat(new Route("bob", Set.of()).admits(BOB)).isTrue();
        assertThat(new Route("", Set.of("java")).admits(BOB)).isTrue();
        assertThat(new Route("bob", Set.of("java", "review")).admits(BOB)).isTrue();
        assertThat(new Route("alice", Set.of()).admits(BOB)).isFalse();
        assertThat(new Route("", Set.of("java", "go")).admits(BOB)).isFalse();
        assertThat(new Route("bob", Set.of("go")).admits(BOB)).isFalse();
    }

    @Test
    void theTextTellsRoutesApartAndNothingElse() {
        assertThat(new Route("bob", Set.of("b", "a")).text()).isEqualTo(new Route("bob", Set.of("a", "b")).text());
        assertThat(new Route("", Set.of("bob")).text()).isNotEqualTo(new Route("bob", Set.of()).text());
        assertThat(Route.of(NewTask.of("x"))).isEqualTo(Route.ANYONE);
        assertThat(Route.of(NewTask.of("x").target("bob")).isForAnyone()).isFalse();
    }

    @Test
    void callersSeeTheRecipientThatATaskWasMadeFor() {
        assertThat(Route.ANYONE.recipient()).isEqualTo(Recipient.anyone());
        assertThat(Route.of(NewTask.of("x").target("bob")).recipient()).isEqualTo(Recipient.agent("bob"));
        assertThat(Route.of(NewTask.of("x").requires(Set.of("java"))).recipient())
                .isEqualTo(Recipient.anyone("java"));
    }

    @Test
    void onlyARouteWithoutANameAndWithoutNeedsIsForAnyone() {
        assertThat(Route.ANYONE.isForAnyone()).isTrue();
        assertThat(new Route("bob", Set.of()).isForAnyone()).isFalse();
        assertThat(new Route("", Set.of("java")).isForAnyone()).isFalse();
    }
}
