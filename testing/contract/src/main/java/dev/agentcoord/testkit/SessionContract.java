package dev.agentcoord.testkit;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.LockRequest.exclusive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.Grant;
import dev.agentcoord.GrantLostException;
import dev.agentcoord.Liveness;
import dev.agentcoord.LossCause;
import dev.agentcoord.NotHeldException;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.SessionClosedException;
import dev.agentcoord.SessionInfo;
import dev.agentcoord.SessionLostException;
import dev.agentcoord.SessionStatus;
import dev.agentcoord.SessionView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** How participants live and end, and what becomes of what they had, on every backend. */
public abstract class SessionContract extends Contract {
    /** For a backend's test class. */
    protected SessionContract() {}

    @Test
    void each_session_has_an_id_of_its_own() {
        assertThat(join("alice").info().id()).isNotEqualTo(join("alice").info().id());
    }

    @Test
    void everybody_sees_who_takes_part_in_the_order_they_joined() {
        Participant described = Participant.named("alice")
                .role("lead")
                .tmuxTarget("main:1.0")
                .capabilities(Set.of("java"))
                .labels(Map.of("team", "blue"));
        SessionInfo alice = process().join(described).info();
        SessionInfo bob = join("bob").info();

        List<SessionView> seen = observer().sessions();
        assertThat(seen).extracting(SessionView::info).containsExactly(alice, bob);
        assertThat(seen).extracting(SessionView::liveness).containsOnly(Liveness.ALIVE);
        SessionInfo record = seen.get(0).info();
        assertThat(record.participant().labels()).isEqualTo(described.labels());
        assertThat(record.participant().capabilities()).isEqualTo(described.capabilities());
        assertThat(record.participant().tmuxTarget()).isEqualTo("main:1.0");
        assertThat(record.participant().role()).isEqualTo("lead");
    }

    @Test
    void watchers_see_sessions_come_and_go() {
        List<Integer> sizes = new CopyOnWriteArrayList<>();
        observer().watchSessions(sessions -> sizes.add(sessions.size()));
        eventually(() -> assertThat(sizes).containsExactly(0));

        Session alice = join("alice");
        eventually(() -> assertThat(sizes).endsWith(1));
        alice.close();
        eventually(() -> assertThat(sizes).endsWith(0));
    }

    @Test
    void a_new_session_is_connected_and_safe() {
        Session alice = join("alice");

        assertThat(alice.status()).isEqualTo(SessionStatus.CONNECTED);
        assertThat(alice.safeFor()).isPositive();
    }

    @Test
    void closing_releases_everything_before_it_returns() {
        Session alice = join("alice");
        Session bob = join("bob");
        hold(bob, exclusive(file("b")));
        hold(alice, exclusive(file("a")));
        queueUp(alice, exclusive(file("b")));

        alice.close();

        assertThat(locks()).extracting(info -> info.owner().agent()).containsExactly("bob");
        assertThat(observer().sessions())
                .extracting(view -> view.info().agent())
                .containsExactly("bob");
        hold(bob, exclusive(file("a")));
    }

    @Test
    void a_closed_session_answers_nothing() {
        Session alice = join("alice");
        Grant grant = hold(alice, exclusive(file("a")));

        alice.close();

        assertThat(alice.status()).isEqualTo(SessionStatus.CLOSED);
        assertThat(alice.safeFor()).isZero();
        assertThatThrownBy(() -> alice.locks().tryAcquire(exclusive(file("b"))))
                .isInstanceOf(SessionClosedException.class);
        assertThatThrownBy(() -> alice.state().get("key")).isInstanceOf(SessionClosedException.class);
        assertThatThrownBy(grant::check).isInstanceOf(NotHeldException.class);
        assertThatCode(alice::close).doesNotThrowAnyException();
    }

    @Test
    void closing_ends_its_waits() {
        hold(join("alice"), exclusive(file("a")));
        Session bob = join("bob");
        CompletableFuture<Grant> waiting = ask(bob, exclusive(file("a")));
        staysUndone(waiting);

        bob.close();

        assertThatThrownBy(() -> soon(waiting)).isInstanceOf(SessionClosedException.class);
    }

    @Test
    void what_the_dead_held_goes_to_the_first_in_line() throws Exception {
        Session alice = join("alice");
        hold(alice, exclusive(file("a")));
        CompletableFuture<Grant> waiting = ask(join("bob"), exclusive(file("a")));

        kill(alice);

        soon(waiting).check();
        assertThat(observer().sessions())
                .extracting(view -> view.info().agent())
                .containsExactly("bob");
    }

    @Test
    void the_living_keep_what_they_hold_when_another_dies() {
        Session alice = join("alice");
        Session bob = join("bob");
        hold(alice, exclusive(file("a")));
        Grant kept = hold(bob, exclusive(file("b")));

        kill(alice);

        kept.verify();
        assertThat(join("carol").locks().tryAcquire(exclusive(file("b")))).isEmpty();
    }

    @Test
    void a_lost_session_is_lost_for_ever() {
        Session alice = join("alice");
        Grant grant = hold(alice, exclusive(file("a")));
        List<LossCause> heard = new CopyOnWriteArrayList<>();
        grant.onLost(heard::add);

        kill(alice);

        assertThatThrownBy(() -> alice.locks().tryAcquire(exclusive(file("a"))))
                .isInstanceOf(SessionLostException.class);
        assertThatThrownBy(() -> alice.locks().tryAcquire(exclusive(file("b"))))
                .isInstanceOf(SessionLostException.class);
        assertThatThrownBy(() -> alice.state().get("key")).isInstanceOf(SessionLostException.class);
        assertThatThrownBy(grant::check).isInstanceOf(GrantLostException.class);
        assertThatThrownBy(grant::release).isInstanceOf(GrantLostException.class);
        assertThat(alice.status()).isEqualTo(SessionStatus.LOST);
        assertThat(alice.safeFor()).isZero();
        eventually(() -> assertThat(heard).containsExactly(LossCause.SESSION_LOST));
    }

    @Test
    void death_ends_its_waits() {
        hold(join("alice"), exclusive(file("a")));
        Session bob = join("bob");
        CompletableFuture<Grant> waiting = ask(bob, exclusive(file("a")));
        staysUndone(waiting);

        kill(bob);

        assertThatThrownBy(() -> soon(waiting)).isInstanceOf(SessionLostException.class);
    }

    @Test
    void the_dead_know_before_anybody_else_is_granted() throws Exception {
        Session alice = join("alice");
        Grant grant = hold(alice, exclusive(file("a")));
        CompletableFuture<Duration> safeWhenGranted = new CompletableFuture<>();
        place(joinStore("bob"), exclusive(file("a")), () -> safeWhenGranted.complete(alice.safeFor()));

        kill(alice);

        assertThat(soon(safeWhenGranted)).isZero();
        assertThatThrownBy(grant::check).isInstanceOf(GrantLostException.class);
    }

    @Test
    void listeners_hear_of_the_end_once() {
        Session alice = join("alice");
        List<SessionStatus> heard = new CopyOnWriteArrayList<>();
        alice.onStatus(heard::add);

        kill(alice);

        eventually(() -> assertThat(heard).containsExactly(SessionStatus.LOST));
        alice.close();
        assertThat(heard).hasSize(1);
    }

    @Test
    void who_joins_again_under_the_same_name_inherits_nothing() {
        Session before = join("alice");
        Grant old = hold(before, exclusive(file("a")));
        Session after = join("alice");

        assertThat(after.locks().tryAcquire(exclusive(file("a")))).isEmpty();
        old.check();
        kill(before);
        assertThat(ticketsOf(after)).isEmpty();
        hold(after, exclusive(file("a")));
    }
}
