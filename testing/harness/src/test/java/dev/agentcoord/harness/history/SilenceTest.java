package dev.agentcoord.harness.history;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.LockRequest.exclusive;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.LockRequest;
import dev.agentcoord.harness.history.Violation.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Where silence ends a session nothing is certain of one that was killed or lost but what its agent last checked. */
final class SilenceTest {
    private static final LockRequest A = exclusive(file("a"));
    private static final Life LOST = Life.ended("ann").uncertain();
    private static final Life KILLED = Life.killed("ann", 100, 101).uncertain();

    private final Attempt later = Story.of("bob", A).asks(1).isGranted(50).releases(60, 2);

    @Test
    void a_killed_holder_may_have_been_over_long_before() {
        assertThat(kinds(Story.of(KILLED, A).asks(1).isGranted(2).neverReleases(1), later))
                .isEmpty();
        assertThat(kinds(
                        Story.of(Life.killed("ann", 100, 101), A)
                                .asks(1)
                                .isGranted(2)
                                .neverReleases(1),
                        later))
                .containsExactly(Kind.GRANTED_TOO_EARLY);
    }

    @Test
    void who_is_granted_before_the_last_check_of_one_that_was_lost_is_found() {
        assertThat(kinds(Story.of(LOST, A).asks(1).isGranted(2).checks(50).learnsOfItsLoss(70, 1), later))
                .isEmpty();
        assertThat(kinds(Story.of(LOST, A).asks(1).isGranted(2).checks(51).learnsOfItsLoss(70, 1), later))
                .containsExactly(Kind.GRANTED_TOO_EARLY);
        assertThat(kinds(Story.of(KILLED, A).asks(1).isGranted(2).checks(51).neverReleases(1), later))
                .containsExactly(Kind.GRANTED_TOO_EARLY);
    }

    @Test
    void only_a_session_that_was_not_lost_keeps_its_grants() {
        assertThat(kinds(Story.of(LOST, A).asks(1).isGranted(2).learnsOfItsLoss(15, 1)))
                .isEmpty();
        assertThat(kinds(Story.of("ann", A).asks(1).isGranted(2).learnsOfItsLoss(15, 1)))
                .containsExactly(Kind.GRANT_LOST);
    }

    @Test
    void a_release_may_be_on_its_way_for_a_while() {
        long grace = loose().removal().toNanos();
        Attempt refused = Story.of("cat", A).asks(70).isRefused(80);
        Attempt muchLater = Story.of("cat", A).asks(70 + grace).isRefused(80 + grace);

        assertThat(kinds(later, refused)).isEmpty();
        assertThat(kinds(later, muchLater)).containsExactly(Kind.REFUSED_WITHOUT_CAUSE);
    }

    @Test
    void who_was_seen_waiting_is_known_by_the_position() {
        Attempt waiter = Story.of("ann", A).asks(1).isGranted(30).releases(40, 2);
        Attempt barger = Story.of("bob", A).asks(6).isGranted(11).releases(20, 1);

        assertThat(kinds(new Sighting("ann", 2, 2, 5), waiter, barger)).containsExactly(Kind.OVERTAKEN);
        assertThat(kinds(new Sighting("ann", 1, 2, 5), waiter, barger)).isEmpty();
    }

    private static LockPromise loose() {
        return LockPromise.loose(Duration.ofSeconds(10));
    }

    private static List<Kind> kinds(Attempt... attempts) {
        return kinds(new History(List.of(attempts), List.of(), Set.of()));
    }

    private static List<Kind> kinds(Sighting sighting, Attempt... attempts) {
        return kinds(new History(List.of(attempts), List.of(sighting), Set.of()));
    }

    private static List<Kind> kinds(History history) {
        return LockChecker.check(history, loose()).stream().map(Violation::kind).toList();
    }
}
