package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.GrantLostException;
import dev.agentcoord.Item;
import dev.agentcoord.LockInfo;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.spi.Backend;
import dev.agentcoord.spi.StoreSession;
import dev.agentcoord.spi.TicketDraft;
import dev.agentcoord.spi.TicketStore;
import dev.agentcoord.testkit.Campaign;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session that holds so much that it asks once whether anything of it was lost, instead of looking at each ticket. */
final class ManyHoldingsIT {
    private static final int MANY = 200;

    @TempDir
    private Path store;

    private Coordinator coordinator;
    private @Nullable Backend backend;
    private Session holder;
    private Session thief;
    private final List<Grant> held = new ArrayList<>();
    private final List<String> lost = new CopyOnWriteArrayList<>();

    @BeforeEach
    void holdMany() {
        coordinator = FsCoordinator.open(store, "web");
        holder = coordinator.join(Participant.named("holder"));
        thief = coordinator.join(Participant.named("thief"));
        IntStream.range(0, MANY).forEach(i -> hold("f" + i));
        held.forEach(Grant::check);
    }

    @AfterEach
    void leave() {
        if (backend != null) {
            backend.close();
        }
        coordinator.close();
    }

    @Test
    void theNextCheckOfAStolenGrantThrows() {
        steal("f100");
        assertThatThrownBy(held.get(100)::check).isInstanceOf(GrantLostException.class);
        held.get(99).check();
    }

    @Test
    void aTheftIsToldBeforeAnyCallReturns() {
        steal("f100");
        held.get(3).check();
        assertThat(lost).containsExactly("f100");
        steal("f50");
        assertThat(holder.status()).isNotNull();
        assertThat(lost).containsExactly("f100", "f50");
    }

    @Test
    void aTicketTakenAfterATheftDoesNotMakeUpForTheOneThatIsGone() {
        TicketStore tickets = join().tickets();
        Ticket stolen = place(tickets, LockRequest.exclusive(Item.file("a")));
        Object before = Objects.requireNonNull(tickets.standing());
        assertThat(tickets.standing()).isEqualTo(before);
        thief.locks().steal(stolen.id(), "needed");
        place(tickets, LockRequest.exclusive(Item.file("b")));
        assertThat(tickets.standing()).isNotEqualTo(before);
    }

    @Test
    void whatIsTooLongForANameIsMissedAsWell() {
        TicketStore tickets = join().tickets();
        LockRequest wants = LockRequest.empty();
        for (int i = 0; i < 60; i++) {
            wants = wants.andExclusive(Item.file("src/main/java/com/example/File" + i + ".java"));
        }
        Ticket stolen = place(tickets, wants);
        Object before = Objects.requireNonNull(tickets.standing());
        thief.locks().steal(stolen.id(), "needed");
        assertThat(tickets.standing()).isNotEqualTo(before);
    }

    @Test
    void aTicketRemovedByHandIsMissed() throws IOException {
        try (var names = Files.list(new Layout(store, "web").locks())) {
            Files.delete(names.filter(name -> name.toString().contains("f77"))
                    .findFirst()
                    .orElseThrow());
        }
        held.get(0).check();
        assertThat(lost).containsExactly("f77");
    }

    @Test
    void aCheckCostsAboutTheSameHoweverMuchIsHeld() {
        long many = costOfACheck();
        held.subList(5, MANY).forEach(Grant::release);
        held.subList(5, MANY).clear();
        long few = costOfACheck();
        Campaign.report("a check", many + " ns with " + MANY + " held, " + few + " ns with 5");
        assertThat(many).isLessThan(20 * few);
    }

    /** The least of many tries, in nanoseconds: the machine is not quiet. */
    private long costOfACheck() {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 50; round++) {
            long begun = System.nanoTime();
            held.forEach(Grant::check);
            least = Math.min(least, (System.nanoTime() - begun) / held.size());
        }
        return least;
    }

    private StoreSession join() {
        backend = FsCoordinator.backend(store, "web", FsOptions.defaults());
        return backend.join(Participant.named("other"), new Peer.Silent());
    }

    private static Ticket place(TicketStore tickets, LockRequest wants) {
        return tickets.place(new TicketDraft(wants, wants.items().size(), () -> {}), true)
                .ticket();
    }

    private void hold(String path) {
        Grant grant = holder.locks()
                .tryAcquire(LockRequest.exclusive(Item.file(path)))
                .orElseThrow();
        grant.onLost(cause -> lost.add(path));
        held.add(grant);
    }

    private void steal(String path) {
        LockInfo ticket = coordinator.locks().stream()
                .filter(lock -> lock.request().items().containsKey(Item.file(path)))
                .findFirst()
                .orElseThrow();
        thief.locks().steal(ticket.id(), "needed");
    }
}
