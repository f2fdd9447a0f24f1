package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.Coordinator;
import dev.agentcoord.FencingToken;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.Item;
import dev.agentcoord.Liveness;
import dev.agentcoord.LockInfo;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.testkit.Campaign;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A holder that is stopped, robbed and continued, with somebody in line behind it. */
final class StoppedHolderIT {
    private static final LockRequest A = LockRequest.exclusive(Item.file("a"));

    @TempDir
    private Path store;

    private Coordinator coordinator;
    private Session here;
    private Children agents;
    private Child holder;
    private Child next;
    private String token;

    @BeforeEach
    void oneHoldsAndAnotherIsInLine() throws IOException {
        coordinator = FsCoordinator.open(store, "web");
        here = coordinator.join(Participant.named("here"));
        agents = Children.start(2, i -> Child.start(Puppet.class, store, "web", i == 0 ? "holder" : "next"));
        holder = agents.get(0);
        next = agents.get(1);
        token = holder.ask("hold a");
        next.ask("ask a");
        await().until(() -> coordinator.locks().size() == 2);
    }

    @AfterEach
    void leave() throws IOException, InterruptedException {
        holder.signal("CONT");
        agents.close();
        coordinator.close();
    }

    @Test
    void itIsSuspectAndKeepsItsLockHoweverLongItStandsStill() throws Exception {
        int seconds = Campaign.size(2, 30);
        holder.stopOutside(new Layout(store, "web").order());
        await().untilAsserted(() -> assertThat(livenessOf("holder")).isEqualTo(Liveness.SUSPECT));

        await().pollInterval(Duration.ofMillis(100))
                .during(Duration.ofSeconds(seconds))
                .atMost(Duration.ofSeconds(seconds + 60))
                .until(() -> livenessOf("holder") == Liveness.SUSPECT
                        && here.locks().tryAcquire(A).isEmpty()
                        && coordinator.locks().get(0).token().toString().equals(token)
                        && next.ask("isdone a").equals("false"));

        holder.signal("CONT");
        assertThat(holder.ask("check a")).isEqualTo("held");
        assertThat(holder.ask("log")).isEqualTo("got a, checked");
        assertThat(holder.ask("release a")).isEqualTo("released");
        assertThat(next.ask("outcome a")).isGreaterThan(token);
        Campaign.report("stopped holder", "SUSPECT for " + seconds + " s, kept its lock");
    }

    @Test
    void aTheftIsRecordedAndTheLoserHearsOfItBeforeAnyOfItsCallsReturns() throws Exception {
        holder.stopOutside(new Layout(store, "web").order());
        LockInfo stuck = coordinator.locks().get(0);
        assertThatThrownBy(() -> here.locks().steal(stuck.id(), " ")).isInstanceOf(InvalidRequestException.class);
        assertThat(next.ask("isdone a")).isEqualTo("false");

        here.locks().steal(stuck.id(), "it stands still");

        assertThat(FencingToken.parse(next.ask("outcome a"))).isGreaterThan(stuck.token());
        assertThat(Files.readString(mark(stuck))).contains("it stands still").contains("\"agent\":\"here\"");
        holder.signal("CONT");
        assertThat(holder.ask("try b")).doesNotContain("Exception");
        assertThat(holder.ask("log")).isEqualTo("got a, heard STOLEN, got b");
        assertThat(holder.ask("status")).isEqualTo("CONNECTED");
    }

    @Test
    void aLoserThatWasAtWorkStopsAndItsReleaseFreesNothing() throws Exception {
        holder.ask("work a");
        await().until(() -> !holder.ask("worked").equals("0"));
        holder.stopOutside(new Layout(store, "web").order());
        await().untilAsserted(() -> assertThat(livenessOf("holder")).isEqualTo(Liveness.SUSPECT));
        here.locks().steal(coordinator.locks().get(0).id(), "it stands still");
        long stolen = System.nanoTime();
        next.ask("outcome a");

        holder.signal("CONT");
        await().until(() -> holder.ask("log").contains("check threw"));
        assertThat(holder.ask("log").split(", ", -1))
                .containsExactlyInAnyOrder("got a", "heard STOLEN", "check threw GrantLostException");
        assertThat(Long.parseLong(holder.ask("worked"))).isBetween(1L, stolen);

        assertThat(holder.ask("release a")).startsWith("GrantLostException");
        assertThat(next.ask("check a")).isEqualTo("held");
        assertThat(here.locks().tryAcquire(A)).isEmpty();
        assertThat(next.ask("release a")).isEqualTo("released");
        assertThat(here.locks().tryAcquire(A)).isPresent();
    }

    @Test
    void aTheftThatCannotBeRecordedTakesNothing() throws IOException {
        LockInfo held = coordinator.locks().get(0);
        Files.createDirectories(mark(held).resolve("in-its-place"));

        assertThatThrownBy(() -> here.locks().steal(held.id(), "it stands still"))
                .hasMessageContaining(mark(held).getFileName().toString());

        assertThat(coordinator.locks().get(0)).isEqualTo(held);
        Files.delete(mark(held).resolve("in-its-place"));
        Files.delete(mark(held));
        assertThat(holder.ask("check a")).isEqualTo("held");
        assertThat(next.ask("isdone a")).isEqualTo("false");
    }

    private Path mark(LockInfo robbed) {
        return new Layout(store, "web")
                .sessions()
                .resolve(robbed.owner().id().text() + ".revoked~" + robbed.id().position());
    }

    private Liveness livenessOf(String agent) {
        return coordinator.sessions().stream()
                .filter(view -> view.info().agent().equals(agent))
                .findFirst()
                .orElseThrow()
                .liveness();
    }
}
