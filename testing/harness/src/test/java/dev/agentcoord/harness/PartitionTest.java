package dev.agentcoord.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.harness.Partition.Way;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PartitionTest {
    private static final int SERVERS = 3;
    private static final int LEADER = 1;
    private static final int AGENTS = 4;

    private final List<Partition> all = IntStream.range(0, 1_000)
            .mapToObj(seed -> Partition.pick(new Random(seed), SERVERS, LEADER, AGENTS))
            .toList();

    @Test
    void a_seed_picks_the_same_again() {
        assertThat(Partition.pick(new Random(7), SERVERS, LEADER, AGENTS)).isEqualTo(all.get(7));
    }

    @Test
    void servers_are_cut_off_from_servers_and_agents_from_one_or_all_in_each_direction() {
        assertThat(all.stream()
                        .map(each -> each.who().replaceAll("[0-9]+", "N"))
                        .distinct())
                .contains(
                        "the leader from the other servers, BOTH",
                        "the leader from the other servers, OUT",
                        "the leader from the other servers, IN",
                        "a follower from the other servers, BOTH",
                        "N agents from a server, OUT",
                        "N agents from all servers, IN",
                        "N agents from all servers, BOTH");
    }

    @Test
    void packets_are_lost_the_way_that_is_said() {
        for (Partition each : all) {
            if (each.who().equals("the leader from the other servers, OUT")) {
                assertThat(each.lost()).containsExactly(new Way(LEADER, 0), new Way(LEADER, 2));
            } else if (each.who().equals("the leader from the other servers, IN")) {
                assertThat(each.lost()).containsExactly(new Way(0, LEADER), new Way(2, LEADER));
            } else if (each.who().contains("agents from a server, BOTH")) {
                assertThat(each.lost()).allMatch(way -> each.lost().contains(new Way(way.to(), way.from())));
            }
        }
    }

    @Test
    void two_servers_always_reach_each_other_and_some_agents_all_servers() {
        for (Partition each : all) {
            List<Way> amongServers = each.lost().stream()
                    .filter(way -> way.from() < SERVERS && way.to() < SERVERS)
                    .toList();
            assertThat(IntStream.range(0, SERVERS))
                    .anyMatch(one -> amongServers.stream().allMatch(way -> way.from() == one || way.to() == one));
            long agents = each.lost().stream()
                    .flatMap(way -> List.of(way.from(), way.to()).stream())
                    .filter(number -> number >= SERVERS)
                    .distinct()
                    .count();
            assertThat(agents).isLessThan(AGENTS);
        }
    }
}
