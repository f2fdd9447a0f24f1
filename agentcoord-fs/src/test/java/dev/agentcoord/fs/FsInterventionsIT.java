package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.Intervention;
import dev.agentcoord.LimitExceededException;
import dev.agentcoord.LossCause;
import dev.agentcoord.Participant;
import dev.agentcoord.TicketId;
import dev.agentcoord.core.Limits;
import dev.agentcoord.core.lock.Verdict;
import dev.agentcoord.spi.Placement;
import dev.agentcoord.spi.StoreSession;
import dev.agentcoord.spi.TicketStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** One session takes a lock of another or asks for it: who hears of that, and what stays of it in the store. */
final class FsInterventionsIT extends JoinedSpace {
    @Test
    void aStolenLockIsLostToItsHolderBeforeItIsGranted() throws IOException {
        try (PeerProcess peer = new PeerProcess(dir, "web")) {
            String token = peer.ask("lock a");
            TicketId ticket = backend.tickets().get(0).id();
            session.tickets().steal(ticket, "its agent is stuck");
            assertThat(peer.ask("held a")).isEqualTo("STOLEN");
            Placement mine = lock(session, "a");
            assertThat(((Verdict.Granted) mine.verdict()).token().toString()).isGreaterThan(token);
            assertThat(peer.ask("unlock a")).isEqualTo("false");
            assertThat(session.tickets().lossOf(mine.ticket())).isNull();
        }
    }

    @Test
    void aHolderHearsThatItsLockWasStolen() {
        StoreSession thief = backend.join(Participant.named("thief"), new Peer.Silent());
        Placement mine = lock(session, "a");
        thief.tickets().steal(mine.ticket().id(), "needed");
        await().untilAsserted(() ->
                assertThat(heard.events).containsExactly(mine.ticket().id() + " STOLEN"));
        assertThat(session.tickets().lossOf(mine.ticket())).isEqualTo(LossCause.STOLEN);
    }

    @Test
    void aTheftIsToldToItsLoserAndRememberedWhenBothHaveLeft() {
        StoreSession thief = backend.join(Participant.named("thief"), new Peer.Silent());
        Placement mine = lock(session, "a");
        thief.tickets().steal(mine.ticket().id(), "needed");
        assertThat(session.tickets().theftOf(mine.ticket()))
                .hasToString("by thief of user " + thief.info().developer() + ": needed");
        thief.close();
        session.close();
        assertThat(backend.thefts(10)).extracting(Intervention::holder).containsExactly("here");
        assertThat(Files.exists(dir.resolve("web/sessions")
                        .resolve(session.info().id() + ".revoked~"
                                + mine.ticket().position())))
                .isFalse();
    }

    @Test
    void aSpaceRemembersSoManyTheftsAndNoMore() throws IOException {
        StoreSession thief = backend.join(Participant.named("thief"), new Peer.Silent());
        for (int i = 0; i < Limits.THEFTS + 5; i++) {
            thief.tickets().steal(lock(session, "a").ticket().id(), "theft " + i);
        }
        assertThat(names(dir.resolve("web/thefts"))).hasSize(Limits.THEFTS);
        assertThat(backend.thefts(2))
                .extracting(Intervention::reason)
                .containsExactly("theft " + (Limits.THEFTS + 4), "theft " + (Limits.THEFTS + 3));
    }

    @Test
    void aTheftThatWasRecordedButDidNotHappenIsNotListed() throws IOException {
        Placement mine = lock(session, "a");
        StoreSession thief = backend.join(Participant.named("thief"), new Peer.Silent());
        thief.tickets().steal(lock(session, "b").ticket().id(), "needed");
        Path log = names(dir.resolve("web/thefts")).get(0);
        String interrupted = mine.ticket().position() + "~" + thief.info().id();
        Files.writeString(
                dir.resolve("web/thefts").resolve(interrupted),
                Files.readString(log)
                        .replaceFirst(
                                "\"ticket\":[0-9]+",
                                "\"ticket\":" + mine.ticket().position()));
        assertThat(backend.thefts(10)).hasSize(1);
        session.tickets().remove(mine.ticket());
        assertThat(backend.thefts(10)).hasSize(2);
    }

    @Test
    void aHolderHearsWhichProcessAsksForItsLock() throws IOException {
        Placement mine = lock(session, "a");
        try (PeerProcess peer = new PeerProcess(dir, "web")) {
            assertThat(peer.ask("ask " + mine.ticket().position())).isEqualTo("asked");
            await().untilAsserted(() -> assertThat(heard.events)
                    .containsExactly(mine.ticket().id() + " by peer of user "
                            + session.info().developer() + ": " + Peer.REASON));
            assertThat(session.tickets().lossOf(mine.ticket())).isNull();
        }
        assertThat(names(dir.resolve("web/asked"))).isEmpty();
    }

    @Test
    void onlySoManyQuestionsStandBeforeAHolderAndGoWithIt() throws IOException, InterruptedException {
        try (PeerProcess peer = new PeerProcess(dir, "web")) {
            peer.ask("lock a");
            peer.signal("STOP");
            TicketId ticket = backend.tickets().get(0).id();
            for (int i = 0; i < Limits.RELEASE_REQUESTS; i++) {
                asker().tickets().requestRelease(ticket, "please");
            }
            TicketStore late = asker().tickets();
            assertThatThrownBy(() -> late.requestRelease(ticket, "please")).isInstanceOf(LimitExceededException.class);
            peer.killNow();
            assertThat(backend.tickets()).isEmpty();
            assertThat(names(dir.resolve("web/asked"))).isEmpty();
        }
    }

    @Test
    void aQuestionToASessionThatIsNoMoreGoesWithTheNextLook() throws IOException {
        Path toNobody = Files.writeString(dir.resolve("web/asked/0000000000000000000000000~7~x"), "left behind");
        Path toOne = Files.writeString(dir.resolve("web/asked/" + session.info().id() + "~7~x"), "stands");
        backend.sessions();
        assertThat(toNobody).doesNotExist();
        assertThat(toOne).exists();
    }

    @Test
    void aSpaceMadeBeforeTheftsWereRememberedGetsAPlaceForThem() throws IOException {
        Files.delete(dir.resolve("web/thefts"));
        Files.delete(dir.resolve("web/asked"));
        try (PeerProcess peer = new PeerProcess(dir, "web")) {
            assertThat(peer.tryLock("a")).isTrue();
        }
        assertThat(dir.resolve("web/thefts")).isDirectory();
        assertThat(dir.resolve("web/asked")).isDirectory();
    }

    private StoreSession asker() {
        return backend.join(Participant.named("asker"), new Peer.Silent());
    }
}
