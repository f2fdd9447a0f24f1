package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.FencingToken;
import dev.agentcoord.Participant;
import dev.agentcoord.core.lock.Verdict;
import dev.agentcoord.spi.Backend;
import dev.agentcoord.spi.Placement;
import dev.agentcoord.spi.StoreSession;
import dev.agentcoord.spi.TicketDraft;
import dev.agentcoord.testkit.Campaign;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many processes, many paths, both modes; judged by what the holders wrote down. */
final class MixedLocksIT {
    @TempDir
    private Path dir;

    private Path store;
    private final List<Path> accounts = new ArrayList<>();
    private int blocked;
    private int unreached;

    @BeforeEach
    void nameTheStore() {
        store = dir.resolve("store");
    }

    @Test
    void noGrantsOverlapAndNobodyIsOvertaken() throws IOException {
        int processes = Campaign.size(6, 16);
        int grants = Campaign.size(4_800, 500_000) / processes;
        long begun;
        try (Children mixers = mixers(processes, String.valueOf(grants))) {
            begun = System.nanoTime();
            mixers.askAll("go").forEach(this::count);
            begun = System.nanoTime() - begun;
        }
        Accounts all = Accounts.read(accounts);
        assertThat(all.holds().size()).isEqualTo(grants * processes);
        assertThat(all.violations()).isEmpty();
        Campaign.report(
                "mixed",
                processes + " processes, " + all.holds().size() + " grants in " + begun / 1_000_000_000
                        + " s, none wrong; " + unreached + " calls that did not reach the section in 10 s");
    }

    @Test
    void aTreeWriterAgainstManyReadersIsLetInBeforeAnyWhoCameLater() throws IOException {
        int readers = Campaign.size(6, 50);
        int turns = Campaign.size(20, 200);
        List<Hold> written = new ArrayList<>();
        Backend backend = FsCoordinator.backend(store, "mixed", FsOptions.defaults());
        try (Children children = mixers(readers, "read")) {
            StoreSession session = backend.join(Participant.named("writer"), new Peer.Silent());
            for (Child child : children.all()) {
                child.send("go");
            }
            for (int turn = 0; blocked < turns && turn < 100 * turns; turn++) {
                written.add(write(backend, session, turn));
            }
            children.askAll("end").forEach(this::count);
        } finally {
            backend.close();
        }
        List<Hold> read = Accounts.read(accounts).holds();
        List<Hold> all = new ArrayList<>(read);
        all.addAll(written);
        assertThat(new Accounts(all).violations()).isEmpty();
        long most = written.stream()
                .mapToLong(hold -> grantedMeanwhile(read, hold))
                .max()
                .orElseThrow();
        assertThat(most).as("readers granted while the writer waited").isLessThanOrEqualTo(readers);
        assertThat(blocked).as("turns in which the writer had to wait").isEqualTo(turns);
        long longest = written.stream()
                .mapToLong(hold -> hold.granted() - hold.placed())
                .max()
                .orElseThrow();
        Campaign.report(
                "tree writer",
                readers + " readers, " + read.size() + " grants of theirs, " + written.size()
                        + " of the writer; it waited in "
                        + blocked + ", at most " + longest / 1_000_000 + " ms, with at most " + most
                        + " readers granted meanwhile; " + unreached + " calls that did not reach the section in 10 s");
    }

    private void count(String answer) {
        assertThat(answer).startsWith("done ");
        unreached += Integer.parseInt(answer.substring("done ".length()));
    }

    private static long grantedMeanwhile(List<Hold> read, Hold written) {
        return read.stream()
                .filter(hold -> hold.granted() > written.placed() && hold.granted() < written.granted())
                .count();
    }

    private Children mixers(int count, String what) throws IOException {
        return Children.start(count, i -> {
            Path account = dir.resolve("account-" + i);
            accounts.add(account);
            return Child.start(Mixer.class, store, account, Campaign.seed() * 1000 + i, what);
        });
    }

    private Hold write(Backend backend, StoreSession session, long number) {
        Ask ask = Ask.writeFirstTree();
        Peer.Waiter waiter = new Peer.Waiter();
        long asked = System.nanoTime();
        Placement placement = session.tickets().place(new TicketDraft(ask.request(), number, waiter), true);
        long placed = System.nanoTime();
        blocked += placement.verdict() instanceof Verdict.Blocked ? 1 : 0;
        waiter.awaitGrant(session, placement);
        long granted = System.nanoTime();
        FencingToken token = placement.ticket().token(backend.incarnation());
        assertThat(session.tickets().remove(placement.ticket())).isTrue();
        return new Hold(token, ask.writes(), 0, asked, placed, granted, granted);
    }
}
