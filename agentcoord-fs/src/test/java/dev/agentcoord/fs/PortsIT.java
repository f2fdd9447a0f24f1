package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.Coordinator;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Participant;
import dev.agentcoord.Pool;
import dev.agentcoord.Session;
import dev.agentcoord.Wait;
import dev.agentcoord.WaitTimeoutException;
import dev.agentcoord.ports.Listener;
import dev.agentcoord.ports.PortInfo;
import dev.agentcoord.ports.PortInfo.Standing;
import dev.agentcoord.ports.PortLease;
import dev.agentcoord.ports.PortRequest;
import dev.agentcoord.ports.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Port leases with real sockets. */
@Isolated("whoever is started by another test has the sockets of this process until it has closed them")
final class PortsIT {
    private static final ProcessHandle SELF = ProcessHandle.current();

    @TempDir
    private Path dir;

    private Coordinator space;
    private Session alice;
    private Session bob;

    @BeforeEach
    void open() {
        space = FsCoordinator.open(dir, "ports");
        alice = space.join(Participant.named("alice"));
        bob = space.join(Participant.named("bob"));
    }

    @AfterEach
    void close() {
        space.close();
    }

    @Test
    void a_port_on_which_a_stranger_listens_is_not_given_and_the_stranger_is_named() throws IOException {
        for (Stranger.Where where : Stranger.Where.values()) {
            assertPassedOver(where);
        }
    }

    private void assertPassedOver(Stranger.Where where) throws IOException {
        PortRequest two = free(2);
        try (ServerSocketChannel stranger = where.listen(numberFor(alice, two));
                PortLease lease = Ports.of(alice).tryLease(two).orElseThrow()) {
            int taken = ((InetSocketAddress) stranger.getLocalAddress()).getPort();

            assertThat(lease.number()).as(where.name()).isNotEqualTo(taken);
            assertThat(lease.passedOver()).singleElement().satisfies(found -> {
                assertThat(found.port()).isEqualTo(taken);
                assertThat(found.address()).isEqualTo(where.address);
                assertThat(found.pid()).isEqualTo(SELF.pid());
                assertThat(found.user()).isEqualTo(SELF.info().user().orElseThrow());
                assertThat(found.command()).contains("java");
            });
            assertThat(Ports.of(bob).list(space))
                    .extracting(PortInfo::number, PortInfo::standing)
                    .contains(tuple(taken, Standing.TAKEN));
        }
    }

    @Test
    void the_leased_port_can_be_bound_at_once_on_every_address() throws IOException {
        try (PortLease lease = Ports.of(alice).tryLease(free(1)).orElseThrow()) {
            for (Stranger.Where where : Stranger.Where.values()) {
                where.listen(lease.number()).close();
            }
        }
    }

    @Test
    void connections_that_ended_a_moment_ago_are_no_stranger() throws IOException {
        PortRequest one = free(1);
        try (ServerSocket server = new ServerSocket(one.first());
                Socket client = new Socket(InetAddress.getLoopbackAddress(), one.first())) {
            server.accept().close(); // The server's side ends first, so the server's port waits.
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }

        assertThat(Ports.of(alice).tryLease(one)).isPresent();
    }

    @Test
    void a_port_that_is_bound_but_not_listened_on_is_not_given() throws IOException {
        PortRequest one = free(1);
        try (Socket bound = new Socket()) {
            bound.setReuseAddress(false);
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), one.first()));

            assertThat(Ports.of(alice).tryLease(one)).isEmpty();
        }
    }

    @Test
    void who_got_another_number_than_its_first_choice_keeps_that_one() {
        PortRequest two = free(2);
        int choice = numberFor(alice, two);
        int other;
        try (PortLease taken = Ports.of(bob).tryLease(two.number(choice)).orElseThrow()) {
            assertThat(taken.number()).isEqualTo(choice);
            other = numberFor(alice, two);
        }

        assertThat(other).isNotEqualTo(choice);
        assertThat(numberFor(alice, two)).isEqualTo(other);
    }

    @Test
    void the_same_agent_gets_the_same_number_for_the_same_name_whenever_it_is_free() {
        PortRequest two = free(2);
        int alices;
        int bobs;
        try (PortLease first = Ports.of(alice).tryLease(two).orElseThrow();
                PortLease second = Ports.of(bob).tryLease(two).orElseThrow()) {
            alices = first.number();
            bobs = second.number();
            assertThat(bobs).isNotEqualTo(alices);
        }

        for (int i = 0; i < 3; i++) {
            assertThat(numberFor(bob, two)).isEqualTo(bobs);
            assertThat(numberFor(alice, two)).isEqualTo(alices);
        }
        bob.close();
        assertThat(numberFor(space.join(Participant.named("bob")), two)).isEqualTo(bobs);
    }

    @Test
    void a_session_does_not_get_one_port_twice() {
        PortRequest one = free(1);
        try (PortLease lease = Ports.of(alice).tryLease(one).orElseThrow()) {
            assertThat(Ports.of(alice).tryLease(one)).isEmpty();
            lease.check();
        }
        assertThat(Ports.of(alice).tryLease(one)).isPresent();
    }

    @Test
    void a_later_lease_of_a_port_has_a_greater_token() {
        PortRequest one = free(1);
        PortLease first = Ports.of(alice).tryLease(one).orElseThrow();
        first.close();

        assertThat(Ports.of(bob).tryLease(one).orElseThrow().token()).isGreaterThan(first.token());
    }

    @Test
    void who_waits_for_a_port_gets_it_when_it_is_given_back() throws Exception {
        PortRequest one = free(1);
        PortLease lease = Ports.of(alice).tryLease(one).orElseThrow();
        CompletableFuture<PortLease> waiting = CompletableFuture.supplyAsync(() -> lease(bob, one));
        await().atMost(Duration.ofSeconds(20)).until(() -> space.locks().size() == 2);

        lease.close();

        assertThat(waiting.get().number()).isEqualTo(one.first());
    }

    @Test
    void who_waited_in_vain_is_told_who_has_the_ports() throws IOException {
        PortRequest two = free(2);
        try (PortLease lease = Ports.of(alice).tryLease(two.reason("shop")).orElseThrow();
                ServerSocketChannel other =
                        Stranger.Where.V4_LOOPBACK.listen(lease.number() == two.first() ? two.last() : two.first())) {
            assertThat(other.isOpen()).isTrue();
            assertThatThrownBy(() -> Ports.of(bob).lease(two, Wait.upTo(Duration.ofMillis(300))))
                    .isInstanceOf(WaitTimeoutException.class)
                    .hasMessageContaining("port " + lease.number() + " is leased by alice@")
                    .hasMessageContaining("pid " + SELF.pid() + " of ")
                    .satisfies(e -> assertThat(((WaitTimeoutException) e).blockers())
                            .singleElement()
                            .satisfies(
                                    lock -> assertThat(lock.request().reason()).isEqualTo("web: shop")));
        }
    }

    @Test
    void a_stranger_is_passed_over_for_a_while_but_not_when_there_is_nothing_else() throws IOException {
        PortRequest two = free(2);
        int taken = numberFor(alice, two);
        int other = taken == two.first() ? two.last() : two.first();
        try (ServerSocketChannel stranger = Stranger.Where.V4_ANY.listen(taken)) {
            assertThat(stranger.isOpen()).isTrue();
            assertThat(numberFor(alice, two)).isEqualTo(other);
        }

        assertThat(numberFor(bob, two)).isEqualTo(other);
        assertThat(numberFor(bob, PortRequest.named("web").number(taken))).isEqualTo(taken);
    }

    @Test
    void what_others_wrote_into_the_notes_hinders_nobody() {
        PortRequest one = free(1);
        for (String text : List.of("", "{", "{\"until\":1}", "[]", "99999999999999999999", "-1", "\u0000", "70000")) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            bob.state().put("port/last/alice/web", bytes);
            assertThat(numberFor(alice, one)).isEqualTo(one.first());
        }
    }

    @Test
    void a_port_spoilt_by_hand_costs_only_itself() {
        PortRequest two = free(2);
        PortLease lease = Ports.of(alice).tryLease(two).orElseThrow();
        String pool =
                lease.grant().request().permits().keySet().iterator().next().name();
        lease.close();
        assertThat(bob.locks().tryAcquire(LockRequest.permits(new Pool(pool, 2), 1)))
                .isPresent();

        assertThat(numberFor(alice, two)).isNotEqualTo(lease.number());
    }

    @Test
    void agents_that_race_for_few_ports_get_different_ones() throws Exception {
        PortRequest range = free(3);
        List<Process> racers = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                racers.add(leaser(List.of(), dir, "racer-" + i, range));
            }
            Set<String> got = new TreeSet<>();
            int none = 0;
            for (Process racer : racers) {
                String line = racer.inputReader().readLine();
                if (line.equals("none")) {
                    none++;
                } else {
                    assertThat(line).endsWith("[]"); // Nobody took another's probe for a stranger.
                    assertThat(got.add(line)).isTrue();
                }
            }
            assertThat(none).isEqualTo(2);
        } finally {
            racers.forEach(Process::destroyForcibly);
        }
    }

    @Test
    void the_port_of_a_holder_that_was_killed_is_free_within_a_second() throws Exception {
        PortRequest one = free(1);
        Process holder = leaser(List.of(), dir, "carol", one);
        assertThat(holder.inputReader().readLine()).startsWith(one.first() + " ");

        holder.destroyForcibly().waitFor();
        long start = System.nanoTime();
        assertThat(Ports.of(alice).lease(one, Wait.upTo(Duration.ofSeconds(30))).number())
                .isEqualTo(one.first());

        // Promised is one second; a machine that is busy with other tests gets more.
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void a_listener_of_the_holder_is_its_own_and_a_stranger_that_binds_after_the_lease_is_a_clash() throws Exception {
        try (PortLease lease = Ports.of(alice).tryLease(free(1)).orElseThrow()) {
            assertThat(standing(lease)).isEqualTo(Standing.IDLE);
            try (ServerSocketChannel own = Stranger.Where.V6_ANY.listen(lease.number())) {
                assertThat(own.isOpen()).isTrue();
                assertThat(standing(lease)).isEqualTo(Standing.SERVED);
                assertThat(lease.strangers()).isEmpty();
            }
            long pid = Stranger.startUnrelated(List.of(), Stranger.Where.V4_LOOPBACK, lease.number());
            try {
                assertThat(standing(lease)).isEqualTo(Standing.CLASH);
                assertThat(lease.strangers()).singleElement().satisfies(found -> {
                    assertThat(found.pid()).isEqualTo(pid);
                    assertThat(found.command()).contains("java");
                });
                assertThat(Ports.of(bob).list(space).get(0).listeners())
                        .extracting(Listener::pid)
                        .containsExactly(pid);
            } finally {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }

    private Standing standing(PortLease lease) {
        return Ports.of(bob).list(space).stream()
                .filter(info -> info.number() == lease.number())
                .findFirst()
                .orElseThrow()
                .standing();
    }

    private static PortLease lease(Session session, PortRequest wanted) {
        try {
            return Ports.of(session).lease(wanted, Wait.upTo(Duration.ofSeconds(60)));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PortRequest free(int count) {
        int first = Stranger.firstOfFree(count);
        return PortRequest.named("web").range(first, first + count - 1);
    }

    private static int numberFor(Session session, PortRequest wanted) {
        try (PortLease lease = Ports.of(session).tryLease(wanted).orElseThrow()) {
            return lease.number();
        }
    }

    static Process leaser(List<String> before, Path store, String agent, PortRequest range) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(ChildCommand.of(List.of(), Leaser.class, store, agent, range.first(), range.last()));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
