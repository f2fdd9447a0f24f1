package dev.agentcoord.testkit;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.Item.tree;
import static dev.agentcoord.LockRequest.exclusive;
import static dev.agentcoord.LockRequest.shared;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.FencingToken;
import dev.agentcoord.Grant;
import dev.agentcoord.GrantLostException;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.LossCause;
import dev.agentcoord.NotHeldException;
import dev.agentcoord.Session;
import dev.agentcoord.TicketId;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.spi.StoreSession;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What a grant is worth, for how long, and how it ends (contract L5, L7 to L10). */
public abstract class GrantContract extends Contract {
    /** For a backend's test class. */
    protected GrantContract() {}

    @Test
    void asking_again_for_what_is_held_gives_the_same_token() {
        Session alice = join("alice");
        Grant outer = hold(alice, exclusive(tree("src")));

        Grant inner = hold(alice, exclusive(file("src/A.java")));

        assertThat(inner.token()).isEqualTo(outer.token());
        assertThat(ticketsOf(alice)).hasSize(1);
    }

    @Test
    void what_an_inner_grant_rests_on_is_kept_until_the_last_is_released() {
        Session alice = join("alice");
        Session bob = join("bob");
        Grant outer = hold(alice, exclusive(file("a")));
        Grant inner = hold(alice, exclusive(file("a")));

        outer.release();
        inner.check();
        assertThat(bob.locks().tryAcquire(exclusive(file("a")))).isEmpty();
        inner.release();
        hold(bob, exclusive(file("a")));
    }

    @Test
    void only_what_is_not_held_yet_gets_a_new_token() {
        Session alice = join("alice");
        Grant outer = hold(alice, exclusive(file("a")));

        Grant both = hold(alice, exclusive(file("a"), file("b")));

        assertThat(both.token(file("a"))).isEqualTo(outer.token());
        assertThat(both.token(file("b"))).isGreaterThan(outer.token());
        assertThatThrownBy(both::token).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> both.token(file("c"))).isInstanceOf(NotHeldException.class);
    }

    @Test
    void exclusive_over_ones_own_shared_is_refused_at_once() {
        Session alice = join("alice");
        hold(alice, shared(tree("src")));

        assertThatThrownBy(() -> alice.locks().tryAcquire(exclusive(file("src/A.java"))))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void requests_of_one_session_never_conflict() {
        Session alice = join("alice");
        hold(alice, exclusive(file("src/A.java")));

        hold(alice, exclusive(tree("src")));
    }

    @Test
    void tokens_grow_with_every_grant_even_where_nothing_was_held_in_between() {
        Session alice = join("alice");
        Session bob = join("bob");
        List<FencingToken> tokens = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            tokens.add(holdBriefly(alice));
            tokens.add(holdBriefly(bob));
        }

        assertThat(tokens).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void a_held_grant_checks_and_verifies() {
        Grant grant = hold(join("alice"), exclusive(file("a")));

        assertThatCode(grant::check).doesNotThrowAnyException();
        assertThatCode(grant::verify).doesNotThrowAnyException();
    }

    @Test
    void a_released_grant_is_held_by_nobody() {
        Grant grant = hold(join("alice"), exclusive(file("a")));

        grant.release();

        assertThatThrownBy(grant::check).isInstanceOf(NotHeldException.class);
        assertThatThrownBy(grant::release).isInstanceOf(NotHeldException.class);
        assertThatCode(grant::close).doesNotThrowAnyException();
        assertThat(locks()).isEmpty();
    }

    @Test
    void a_grant_may_be_used_from_any_thread() throws Exception {
        Grant grant = hold(join("alice"), exclusive(file("a")));

        soon(inBackground(() -> {
            grant.check();
            grant.release();
            return true;
        }));

        hold(join("bob"), exclusive(file("a")));
    }

    @Test
    void a_theft_goes_to_the_first_in_line() throws Exception {
        Session alice = join("alice");
        hold(alice, exclusive(file("a")));
        CompletableFuture<Grant> bob = ask(join("bob"), exclusive(file("a")));

        join("carol").locks().steal(ticketOf(alice), "holder is stuck");

        soon(bob).check();
    }

    @Test
    void a_theft_needs_a_reason() {
        Session alice = join("alice");
        Session bob = join("bob");
        Grant grant = hold(alice, exclusive(file("a")));

        assertThatThrownBy(() -> bob.locks().steal(ticketOf(alice), " ")).isInstanceOf(InvalidRequestException.class);
        grant.check();
    }

    @Test
    void the_loser_of_a_theft_hears_of_it_once_and_before_any_call_returns() {
        Session alice = join("alice");
        List<LossCause> heard = new CopyOnWriteArrayList<>();
        Grant stolen = hold(alice, exclusive(file("a")));
        Grant kept = hold(alice, exclusive(file("b")));
        stolen.onLost(heard::add);

        join("bob").locks().steal(ticketsOf(alice).get(0).id(), "holder is stuck");

        kept.check();
        assertThat(heard).containsExactly(LossCause.STOLEN);
        assertThatThrownBy(stolen::check).isInstanceOf(GrantLostException.class);
        assertThatThrownBy(stolen::verify).isInstanceOf(GrantLostException.class);
        assertThatThrownBy(stolen::release).isInstanceOf(GrantLostException.class);
        assertThat(heard).hasSize(1);
    }

    @Test
    void the_loser_of_a_theft_knows_before_anybody_else_is_granted() throws Exception {
        StoreSession alice = joinStore("alice");
        Ticket stolen = place(alice, exclusive(file("a")));
        CompletableFuture<LossCause> knownWhenGranted = new CompletableFuture<>();
        place(
                joinStore("bob"),
                exclusive(file("a")),
                () -> knownWhenGranted.complete(alice.tickets().lossOf(stolen)));

        joinStore("carol").tickets().steal(stolen.id(), "holder is stuck");

        assertThat(soon(knownWhenGranted)).isEqualTo(LossCause.STOLEN);
    }

    @Test
    void a_lost_grant_covers_no_new_request() {
        Session alice = join("alice");
        Session bob = join("bob");
        hold(alice, exclusive(file("a")));
        bob.locks().steal(ticketOf(alice), "holder is stuck");
        hold(bob, exclusive(file("a")));

        assertThat(alice.locks().tryAcquire(exclusive(file("a")))).isEmpty();
    }

    @Test
    void a_ticket_is_stolen_once() {
        Session alice = join("alice");
        Session bob = join("bob");
        hold(alice, exclusive(file("a")));
        TicketId ticket = ticketOf(alice);
        bob.locks().steal(ticket, "holder is stuck");
        Grant next = hold(bob, exclusive(file("a")));

        assertThatThrownBy(() -> join("carol").locks().steal(ticket, "holder is stuck"))
                .isInstanceOf(NotHeldException.class);
        next.check();
        assertThat(ticketsOf(bob)).hasSize(1);
    }

    @Test
    void who_asks_for_news_of_a_lost_grant_hears_of_it_at_once() throws Exception {
        Session alice = join("alice");
        Grant grant = hold(alice, exclusive(file("a")));
        join("bob").locks().steal(ticketOf(alice), "holder is stuck");

        CompletableFuture<LossCause> heard = new CompletableFuture<>();
        grant.onLost(heard::complete);

        assertThat(soon(heard)).isEqualTo(LossCause.STOLEN);
    }

    @Test
    void a_waiting_request_can_be_stolen_too() {
        hold(join("alice"), exclusive(file("a")));
        Session bob = join("bob");
        CompletableFuture<Grant> waiting = ask(bob, exclusive(file("a")));
        staysUndone(waiting);

        join("carol").locks().steal(ticketOf(bob), "not now");

        assertThatThrownBy(() -> soon(waiting)).isInstanceOf(GrantLostException.class);
    }

    private FencingToken holdBriefly(Session session) {
        Grant grant = hold(session, exclusive(file("a")));
        FencingToken token = grant.token();
        grant.release();
        return token;
    }

    private TicketId ticketOf(Session session) {
        return ticketsOf(session).get(0).id();
    }
}
