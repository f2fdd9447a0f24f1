package dev.agentcoord.testkit;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.Item.tree;
import static dev.agentcoord.LockRequest.exclusive;
import static dev.agentcoord.LockRequest.shared;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.agentcoord.Coordinator;
import dev.agentcoord.FencingToken;
import dev.agentcoord.Grant;
import dev.agentcoord.GrantLostException;
import dev.agentcoord.Intervention;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.LossCause;
import dev.agentcoord.NotHeldException;
import dev.agentcoord.Session;
import dev.agentcoord.TicketId;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.spi.StoreSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What a grant is worth, for how long, and how it ends; the kit runs it on every backend. */
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

    @Test
    void the_loser_of_a_theft_is_told_who_took_it_and_why() {
        Session alice = join("alice");
        Grant stolen = hold(alice, exclusive(file("a")));
        Grant kept = hold(alice, exclusive(file("b")));

        join("bob").locks().steal(ticketOf(alice), "holder is stuck");

        GrantLostException lost = catchThrowableOfType(GrantLostException.class, stolen::check);
        assertThat(lost).hasMessageContainingAll("bob", "holder is stuck");
        assertThat(lost.theft()).isPresent().isEqualTo(stolen.theft());
        Intervention theft = stolen.theft().orElseThrow();
        assertThat(theft.kind()).isEqualTo(Intervention.Kind.STOLEN);
        assertThat(theft.agent()).isEqualTo("bob");
        assertThat(theft.reason()).isEqualTo("holder is stuck");
        assertThat(kept.theft()).isEmpty();
    }

    @Test
    void who_waited_for_what_was_stolen_is_told_who_took_its_place_and_why() {
        hold(join("alice"), exclusive(file("a")));
        Session bob = join("bob");
        CompletableFuture<Grant> waiting = ask(bob, exclusive(file("a")));
        staysUndone(waiting);

        join("carol").locks().steal(ticketOf(bob), "not now");

        assertThat(catchThrowable(() -> soon(waiting))).hasMessageContainingAll("carol", "not now");
    }

    @Test
    void a_theft_is_recorded_before_anybody_else_is_granted() throws Exception {
        StoreSession alice = joinStore("alice");
        Ticket stolen = place(alice, exclusive(file("a")));
        Coordinator observer = observer();
        CompletableFuture<List<Intervention>> recorded = new CompletableFuture<>();
        place(joinStore("bob"), exclusive(file("a")), () -> recorded.complete(observer.thefts(10)));

        joinStore("carol").tickets().steal(stolen.id(), "holder is stuck");

        assertThat(soon(recorded)).extracting(Intervention::agent).containsExactly("carol");
    }

    @Test
    void everybody_sees_the_latest_thefts_when_the_losers_have_left_too() {
        Session bob = join("bob");
        for (String agent : List.of("x", "y", "z")) {
            Session loser = join(agent);
            hold(loser, exclusive(file(agent)));
            bob.locks().steal(ticketOf(loser), agent + " is stuck");
            loser.close();
        }
        bob.close();

        List<Intervention> thefts = observer().thefts(2);
        assertThat(thefts).extracting(Intervention::holder).containsExactly("z", "y");
        assertThat(thefts).extracting(Intervention::reason).containsExactly("z is stuck", "y is stuck");
        assertThat(thefts).extracting(Intervention::agent).containsOnly("bob");
        assertThat(thefts.get(0).what()).contains("z");
    }

    @Test
    void a_holder_hears_who_asks_for_its_lock_and_why_and_keeps_it() throws Exception {
        Session alice = join("alice");
        Session bob = join("bob");
        Grant grant = hold(alice, exclusive(file("a")));
        CompletableFuture<Intervention> heard = new CompletableFuture<>();
        alice.locks().onReleaseRequested(heard::complete);
        CompletableFuture<Grant> waiting = ask(bob, exclusive(file("a")));

        bob.locks().requestRelease(ticketOf(alice), "a release is due");

        Intervention request = soon(heard);
        assertThat(request.kind()).isEqualTo(Intervention.Kind.RELEASE_REQUESTED);
        assertThat(request.ticket()).isEqualTo(ticketOf(alice));
        assertThat(request.agent()).isEqualTo("bob");
        assertThat(request.by()).isEqualTo(bob.info().id());
        assertThat(request.developer()).isEqualTo(bob.info().developer());
        assertThat(request.reason()).isEqualTo("a release is due");
        grant.verify();
        staysUndone(waiting);
        assertThat(observer().thefts(10)).isEmpty();
    }

    @Test
    void the_same_question_is_told_once_a_minute() {
        Session alice = join("alice");
        Session bob = join("bob");
        hold(alice, exclusive(file("a")));
        hold(alice, exclusive(file("b")));
        List<String> heard = new CopyOnWriteArrayList<>();
        alice.locks().onReleaseRequested(request -> heard.add(request.reason()));
        TicketId first = ticketsOf(alice).get(0).id();
        TicketId second = ticketsOf(alice).get(1).id();

        bob.locks().requestRelease(first, "one");
        eventually(() -> assertThat(heard).containsExactly("one"));
        bob.locks().requestRelease(first, "once more");
        bob.locks().requestRelease(second, "two");
        eventually(() -> assertThat(heard).containsExactly("one", "two"));
        time.advance(Duration.ofMinutes(1));
        bob.locks().requestRelease(first, "still");
        eventually(() -> assertThat(heard).containsExactly("one", "two", "still"));
    }

    @Test
    void a_request_for_a_release_needs_a_reason_and_a_ticket() {
        Session alice = join("alice");
        Session bob = join("bob");
        Grant grant = hold(alice, exclusive(file("a")));
        TicketId ticket = ticketOf(alice);

        assertThatThrownBy(() -> bob.locks().requestRelease(ticket, " ")).isInstanceOf(InvalidRequestException.class);
        grant.release();
        assertThatThrownBy(() -> bob.locks().requestRelease(ticket, "please")).isInstanceOf(NotHeldException.class);
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
