package dev.agentcoord.testkit;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.Item.glob;
import static dev.agentcoord.Item.name;
import static dev.agentcoord.Item.pool;
import static dev.agentcoord.Item.tree;
import static dev.agentcoord.LockRequest.exclusive;
import static dev.agentcoord.LockRequest.shared;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.Grant;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.Item;
import dev.agentcoord.LimitExceededException;
import dev.agentcoord.LockInfo;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Session;
import dev.agentcoord.core.Limits;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.spi.StoreSession;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Who is granted what: overlaps and modes, all or nothing, first come first served, re-entry, limits. */
public abstract class LockContract extends Contract {
    /** For a backend's test class. */
    protected LockContract() {}

    @Test
    void exclusive_means_exclusive() {
        Session alice = join("alice");
        Session bob = join("bob");
        hold(alice, exclusive(file("src/A.java")));

        assertThat(bob.locks().tryAcquire(exclusive(file("src/A.java")))).isEmpty();
        assertThat(bob.locks().tryAcquire(shared(file("src/A.java")))).isEmpty();
    }

    @Test
    void readers_share_and_keep_writers_out() {
        Session alice = join("alice");
        Session bob = join("bob");
        hold(alice, shared(file("a")));
        hold(bob, shared(file("a")));

        assertThat(join("carol").locks().tryAcquire(exclusive(file("a")))).isEmpty();
    }

    @Test
    void what_does_not_conflict_passes_freely() {
        hold(join("alice"), exclusive(file("a"), tree("src/gen"), name("db")));

        hold(join("bob"), exclusive(file("b"), tree("src/main"), name("dbx")));
    }

    @Test
    void one_path_has_one_name() {
        hold(join("alice"), exclusive(file("src/A.java")));
        Session bob = join("bob");

        assertThat(bob.locks().tryAcquire(exclusive(file("./src/A.java")))).isEmpty();
        assertThat(bob.locks().tryAcquire(exclusive(file("src/x/../A.java")))).isEmpty();
    }

    @Test
    void a_tree_is_the_directory_and_everything_below_it() {
        hold(join("alice"), exclusive(tree("src")));

        assertConflicts(file("src/deep/down/A.java"), file("src"), tree("src/gen"), tree("."));
    }

    @Test
    void a_tree_does_not_reach_a_name_that_only_begins_alike() {
        hold(join("alice"), exclusive(tree("src")));

        hold(join("bob"), exclusive(file("src-gen/A.java"), tree("srcs")));
    }

    @Test
    void globs_that_share_a_path_conflict() {
        hold(join("alice"), exclusive(glob("src/*/a.ts"), glob("lib/**")));

        assertConflicts(glob("src/b/*"), file("lib/a.py"), glob("lib/x/*.py"), tree("src/b"), glob("**/a.ts"));
    }

    @Test
    void globs_that_share_no_path_do_not_conflict() {
        hold(join("alice"), exclusive(glob("src/**/*.java")));

        hold(join("bob"), exclusive(glob("src/**/*.ts"), glob("*.java")));
    }

    @Test
    void a_name_is_no_path() {
        hold(join("alice"), exclusive(file("build")));

        hold(join("bob"), exclusive(name("build")));
    }

    @Test
    void a_request_is_granted_all_or_nothing() {
        hold(join("alice"), exclusive(file("b")));
        assertThat(join("bob").locks().tryAcquire(exclusive(file("a"), file("b"), file("c"))))
                .isEmpty();

        hold(join("carol"), exclusive(file("a"), file("c")));
    }

    @Test
    void readers_do_not_overtake_a_waiting_writer() throws Exception {
        Grant reading = hold(join("alice"), shared(file("src/A.java")));
        CompletableFuture<Grant> writer = ask(join("bob"), exclusive(tree("src")));

        assertThat(join("carol").locks().tryAcquire(shared(file("src/A.java")))).isEmpty();
        reading.release();
        soon(writer).check();
    }

    @Test
    void conflicting_requests_are_granted_in_the_order_asked() throws Exception {
        Grant first = hold(join("alice"), exclusive(file("a")));
        CompletableFuture<Grant> second = ask(join("bob"), exclusive(file("a"), file("b")));
        CompletableFuture<Grant> third = ask(join("carol"), exclusive(file("b")));

        staysUndone(third);
        first.release();
        Grant granted = soon(second);
        assertThat(third).isNotDone();
        granted.release();
        soon(third).check();
    }

    @Test
    void a_waiting_request_lets_through_what_it_does_not_conflict_with() {
        hold(join("alice"), exclusive(file("a")));
        queueUp(join("bob"), exclusive(file("a"), file("b")));

        hold(join("carol"), exclusive(file("c")));
    }

    @Test
    void requests_for_the_same_paths_in_opposite_orders_never_deadlock() throws Exception {
        Grant both = hold(join("carol"), exclusive(tree("src"), file("z")));
        CompletableFuture<Grant> fileFirst = ask(join("alice"), exclusive(file("z"), tree("src")));
        CompletableFuture<Grant> treeFirst = ask(join("bob"), exclusive(file("src/A.java"), file("z")));

        both.release();

        soon(fileFirst).release();
        soon(treeFirst).release();
    }

    @Test
    void a_ticket_is_removed_once_and_only_by_its_session() {
        StoreSession alice = joinStore("alice");
        StoreSession bob = joinStore("bob");
        Ticket ticket = place(alice, exclusive(file("a")));

        assertThat(bob.tickets().remove(ticket)).isFalse();
        assertThat(alice.tickets().remove(ticket)).isTrue();
        assertThat(alice.tickets().remove(ticket)).isFalse();
    }

    @Test
    void a_stale_release_frees_nobody_elses_lock() {
        StoreSession alice = joinStore("alice");
        Ticket old = place(alice, exclusive(file("a")));
        joinStore("bob").tickets().steal(old.id(), "stuck");
        hold(join("carol"), exclusive(file("a")));

        assertThat(alice.tickets().remove(old)).isFalse();
        assertThat(join("dave").locks().tryAcquire(exclusive(file("a")))).isEmpty();
    }

    @Test
    void a_session_has_a_bounded_number_of_live_requests() {
        StoreSession alice = joinStore("alice");
        for (int i = 0; i < Limits.TICKETS_PER_SESSION; i++) {
            place(alice, shared(file("a")));
        }

        assertThatThrownBy(() -> place(alice, shared(file("a")))).isInstanceOf(LimitExceededException.class);
    }

    @Test
    void an_empty_request_is_refused() {
        Session alice = join("alice");

        assertThatThrownBy(() -> alice.locks().tryAcquire(LockRequest.empty()))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void everybody_sees_who_holds_what_and_why_and_who_waits_for_whom() {
        Session alice = join("alice");
        Session bob = join("bob");
        Grant grant = hold(
                alice, exclusive(tree("src")).andPermits(pool("build", 2), 1).reason("rename field"));
        queueUp(bob, shared(file("src/A.java")).reason("read it"));

        List<LockInfo> locks = locks();
        assertThat(locks).extracting(info -> info.owner().agent()).containsExactly("alice", "bob");
        assertThat(locks).extracting(LockInfo::granted).containsExactly(true, false);
        assertThat(locks).extracting(info -> info.request().reason()).containsExactly("rename field", "read it");
        LockInfo held = locks.get(0);
        assertThat(held.request()).isEqualTo(grant.request());
        assertThat(held.token()).isEqualTo(grant.token());
        assertThat(locks.get(1).blockers()).containsExactly(held.id());
    }

    @Test
    void explaining_names_what_is_in_the_way_and_queues_nothing() {
        Session bob = join("bob");
        hold(join("alice"), exclusive(file("a")));

        assertThat(bob.locks().explain(exclusive(file("a"), file("b"))))
                .extracting(info -> info.owner().agent())
                .containsExactly("alice");
        assertThat(bob.locks().explain(exclusive(file("b")))).isEmpty();
        assertThat(ticketsOf(bob)).isEmpty();
    }

    private void assertConflicts(Item... items) {
        Session bob = join("bob");
        for (Item item : items) {
            assertThat(bob.locks().tryAcquire(exclusive(item)))
                    .as(item.toString())
                    .isEmpty();
        }
    }
}
