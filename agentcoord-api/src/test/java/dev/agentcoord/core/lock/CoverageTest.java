package dev.agentcoord.core.lock;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.Item.glob;
import static dev.agentcoord.Item.name;
import static dev.agentcoord.Item.pool;
import static dev.agentcoord.Item.tree;
import static dev.agentcoord.LockRequest.exclusive;
import static dev.agentcoord.LockRequest.permits;
import static dev.agentcoord.LockRequest.shared;
import static dev.agentcoord.core.lock.Tickets.ticket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.LockRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CoverageTest {
    @Test
    void whoHoldsNothingHasEverythingToAskFor() {
        LockRequest wanted = exclusive(file("a")).reason("why");

        assertThat(Coverage.of(List.of(), wanted)).isEqualTo(new Coverage(Map.of(), wanted));
        assertThat(Coverage.of(List.of(held(1, exclusive(file("b")))), wanted))
                .isEqualTo(new Coverage(Map.of(), wanted));
    }

    @Test
    void anExclusiveHoldCoversBothModes() {
        Ticket own = held(1, exclusive(file("a"), name("n")));

        assertThat(Coverage.of(List.of(own), exclusive(file("a")).andShared(name("n"))))
                .isEqualTo(new Coverage(Map.of(file("a"), own, name("n"), own), LockRequest.empty()));
    }

    @Test
    void aSharedHoldCoversSharedOnly() {
        Ticket own = held(1, shared(file("a")));

        assertThat(Coverage.of(List.of(own), shared(file("a"))).covered()).containsEntry(file("a"), own);
    }

    @Test
    void askingExclusiveOverOnesOwnSharedIsRefusedNamingWhatToRelease() {
        List<Ticket> own = List.of(held(4, shared(tree("src"))), held(5, shared(name("n"))));

        for (LockRequest upgrade : List.of(
                exclusive(file("src/A.java")),
                exclusive(tree(".")),
                exclusive(glob("**/A.java")),
                exclusive(name("n")))) {
            assertThatThrownBy(() -> Coverage.of(own, upgrade))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageMatching(".*over your own shared hold \\(ticket #[45]: .*release it first.*");
        }
        assertThat(Coverage.of(own, exclusive(file("srcs"))).rest()).isEqualTo(exclusive(file("srcs")));
    }

    @Test
    void anExclusiveHoldThatCoversTheItemOutweighsASharedOne() {
        Ticket shared = held(1, shared(file("src/a")));
        Ticket exclusive = held(2, exclusive(tree("src")));

        assertThat(Coverage.of(List.of(shared, exclusive), exclusive(file("src/a")))
                        .covered())
                .containsEntry(file("src/a"), exclusive);
    }

    @Test
    void whatIsInsideAHeldTreeOrGlobIsCovered() {
        Ticket tree = held(1, exclusive(tree("src")));
        Ticket glob = held(2, exclusive(glob("docs/**/*.md")));
        Coverage coverage = Coverage.of(
                List.of(glob, tree),
                exclusive(
                        file("src/a"), tree("src/gen"), glob("src/*.java"), file("docs/x/y.md"), glob("docs/*/z.md")));

        assertThat(coverage.rest().isEmpty()).isTrue();
        assertThat(coverage.covered())
                .isEqualTo(Map.of(
                        file("src/a"), tree,
                        tree("src/gen"), tree,
                        glob("src/*.java"), tree,
                        file("docs/x/y.md"), glob,
                        glob("docs/*/z.md"), glob));
    }

    @Test
    void whatOnlyOverlapsIsNotCovered() {
        Ticket own = held(1, exclusive(file("src/a")));

        assertThat(Coverage.of(List.of(own), exclusive(tree("src"))))
                .isEqualTo(new Coverage(Map.of(), exclusive(tree("src"))));
    }

    @Test
    void onlyTheRestIsAskedForWithTheSameReason() {
        Ticket own = held(1, exclusive(file("a")));

        assertThat(Coverage.of(
                        List.of(own),
                        exclusive(file("a"), file("b")).andShared(file("c")).reason("why")))
                .isEqualTo(new Coverage(
                        Map.of(file("a"), own),
                        exclusive(file("b")).andShared(file("c")).reason("why")));
    }

    @Test
    void permitsAreAlwaysAskedForAnew() {
        Ticket own = held(1, exclusive(file("a")).andPermits(pool("p", 2), 1));

        assertThat(Coverage.of(List.of(own), exclusive(file("a")).andPermits(pool("p", 2), 1)))
                .isEqualTo(new Coverage(Map.of(file("a"), own), permits(pool("p", 2), 1)));
    }

    @Test
    void theEarliestOfSeveralCoversGivesTheToken() {
        Ticket first = held(3, shared(tree("src")));
        Ticket second = held(7, shared(file("src/a")));

        assertThat(Coverage.of(List.of(second, first), shared(file("src/a"))).covered())
                .containsEntry(file("src/a"), first);
        assertThat(Coverage.of(List.of(held(8, exclusive(file("src/a"))), second), shared(file("src/a")))
                        .covered())
                .containsEntry(file("src/a"), second);
    }

    @Test
    void theEarliestCoverGivesTheTokenAlsoWhereALaterOneHoldsMore() {
        Ticket first = held(3, exclusive(tree("src/main")));
        Ticket second = held(7, exclusive(tree("src")));

        assertThat(Coverage.of(List.of(first, second), exclusive(file("src/main/A.java")))
                        .covered())
                .containsEntry(file("src/main/A.java"), first);
    }

    private static Ticket held(long position, LockRequest wants) {
        return ticket(position, 1, wants);
    }
}
