package dev.agentcoord.ports;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CandidatesTest {
    private static final PortRequest WEB = PortRequest.named("web").range(3000, 3009);

    @Test
    void every_number_of_the_range_is_tried_once() {
        assertThat(Candidates.order("alice", WEB, 3004, Set.of(3001, 3004)))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(3000, 3009).boxed().toList());
    }

    @Test
    void the_same_agent_and_name_begin_at_the_same_number() {
        assertThat(Candidates.order("alice", WEB, -1, Set.of()))
                .isEqualTo(Candidates.order("alice", WEB, -1, Set.of()));
    }

    @Test
    void agents_and_names_that_differ_in_a_letter_are_spread() {
        long distinct = IntStream.range(0, 1000)
                .map(i -> first("agent-" + i, PortRequest.named("web")))
                .distinct()
                .count();

        assertThat(distinct).isGreaterThan(550); // 632 of 1 000 by chance.
        assertThat(first("alice", PortRequest.named("web"))).isNotEqualTo(first("alice", PortRequest.named("api")));
    }

    @Test
    void the_number_it_had_last_comes_first() {
        for (int last = 3000; last < 3010; last++) {
            assertThat(Candidates.order("alice", WEB, last, Set.of())).startsWith(last);
        }
    }

    @Test
    void a_number_outside_the_range_is_not_tried_whoever_had_it() {
        assertThat(Candidates.order("alice", WEB, 4000, Set.of())).doesNotContain(4000);
    }

    @Test
    void a_number_with_a_stranger_on_it_comes_last_even_if_it_was_the_last_one() {
        List<Integer> order = Candidates.order("alice", WEB, 3004, Set.of(3004, 3007));

        assertThat(order.subList(8, 10)).containsExactlyInAnyOrder(3004, 3007);
        assertThat(order.subList(0, 8)).doesNotContain(3004, 3007);
    }

    private static int first(String agent, PortRequest wanted) {
        return Candidates.order(agent, wanted, -1, Set.of()).get(0);
    }
}
