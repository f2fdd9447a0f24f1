package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.Participant;
import dev.agentcoord.SessionId;
import dev.agentcoord.SessionInfo;
import dev.agentcoord.TaskId;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.record.SessionCodec;
import dev.agentcoord.fs.Explorer.Step;
import dev.agentcoord.fs.SectionState.At;
import dev.agentcoord.fs.SectionState.Entry;
import dev.agentcoord.fs.SectionState.Errand;
import dev.agentcoord.fs.SectionState.Member;
import dev.agentcoord.fs.SectionState.Standing;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A space of real files, and processes that share nothing but these: each has its own section and ticket book. */
final class SectionReplay {
    private static final UUID BOOT = new UUID(1, 2);

    private final SectionRules rules;
    private final Layout layout;
    private final OrderFile order;
    private final TicketFiles files;
    private final Section[] sections;
    private final TicketBook[] books;
    private boolean granted;
    private int letGo;

    SectionReplay(Path root, SectionRules rules) throws IOException {
        this.rules = rules;
        this.layout = new Layout(root, "web");
        for (Path made : List.of(layout.home(), layout.sessions(), layout.locks(), layout.taskLocks())) {
            Files.createDirectory(made);
        }
        Files.write(layout.order(), OrderFile.blank());
        Section first = open();
        assertThat(first.isReset()).isFalse();
        this.order = new OrderFile(layout.order());
        this.files = new TicketFiles(layout, new SessionDirectory(layout));
        this.sections = new Section[rules.members()];
        this.books = new TicketBook[rules.members()];
        for (int member = 0; member < rules.members(); member++) {
            Files.write(record(member), recordOf(member).toBytes());
        }
    }

    private Path record(int member) {
        return layout.sessions().resolve(SectionRules.owner(member).id());
    }

    private static SessionRecord recordOf(int member) {
        SessionInfo info = new SessionInfo(
                new SessionId(SectionRules.owner(member).id()),
                Participant.named("p" + member),
                System.getProperty("user.name"),
                "host",
                BOOT.toString(),
                1,
                Instant.EPOCH,
                SessionCodec.PROTOCOL);
        return new SessionRecord(info, 0, "", Duration.ZERO);
    }

    private Section open() throws IOException {
        WriteAheadLog log = new WriteAheadLog(layout, Disk::syncAll);
        return Section.open(layout.order(), BOOT, new HalfDone(layout, new StateDirectory(layout, log), log));
    }

    void start(int member) throws IOException {
        sections[member] = open();
        books[member] = new TicketBook(files, task -> false);
    }

    /** Goes in for an errand, and stops by an exception before it does what the process is said to be at. */
    void visit(int member, Errand errand, int about, At stop) {
        Object done = sections[member].run(turn -> {
            if (!errand.isAboutTickets()) {
                stopIf(stop == At.ANNOUNCE);
                boolean end = errand == Errand.END;
                turn.announce(end ? Change.Kind.SESSION_ENDED : Change.Kind.QUEUE, "x");
                stopIf(stop == At.TOUCH);
                return true;
            }
            List<Ticket> live = books[member].all(turn);
            assertThat(positions(live) & ~letGo).as("what is decided on").isEqualTo(names());
            stopIf((stop == At.ANNOUNCE && errand != Errand.STEAL) || stop == At.MARK);
            Ticket ticket = find(member, errand, about, live);
            if (ticket != null) {
                granted = books[member].blockersOf(turn, ticket).isEmpty();
                stopIf(stop == At.ANNOUNCE);
                change(member, errand, ticket, turn, stop);
            }
            return true;
        });
        assertThat(done).isEqualTo(true);
    }

    private @Nullable Ticket find(int member, Errand errand, int about, List<Ticket> live) {
        return switch (errand) {
            case ACQUIRE -> rules.ticket(0, member);
            case SWEEP ->
                live.stream()
                        .filter(ticket -> ticket.owner().equals(SectionRules.owner(about)))
                        .findFirst()
                        .orElse(null);
            default ->
                live.stream()
                        .filter(ticket -> ticket.position() == about)
                        .findFirst()
                        .orElse(null);
        };
    }

    private void change(int member, Errand errand, Ticket ticket, Turn turn, At stop) throws IOException {
        switch (errand) {
            case ACQUIRE -> {
                Ticket placed = rules.ticket((int) turn.nextPosition(), member);
                granted = books[member].blockersThereOf(turn, placed).isEmpty();
                Path target = stop == At.TOUCH ? layout.home().resolve("missing") : record(member);
                books[member].add(turn, placed, files.nameOf(placed), target);
            }
            case LOOK -> {
                // Only looks.
            }
            case GUARD -> {
                if (isHeld(member, ticket, turn)) {
                    turn.announce(Change.Kind.STATE, "x");
                    stopIf(stop == At.CHECK || stop == At.TOUCH);
                }
            }
            case BIND -> {
                if (isHeld(member, ticket, turn)) {
                    bind(member, ticket, turn, stop);
                }
            }
            case CLEAR, STEAL -> {
                boolean wanted = books[member].isThere(ticket) == (errand == Errand.STEAL);
                if (wanted && stop == At.TOUCH) {
                    removeInVain(member, ticket, turn);
                } else if (wanted && errand == Errand.CLEAR) {
                    books[member].removed(turn, ticket);
                } else if (wanted) {
                    books[member].remove(turn, ticket);
                }
            }
            default -> {
                if (stop == At.TOUCH) {
                    removeInVain(member, ticket, turn);
                }
                books[member].remove(turn, ticket);
            }
        }
    }

    private boolean isHeld(int member, Ticket ticket, Turn turn) throws IOException {
        return books[member].isThere(ticket) && books[member].isGranted(turn, ticket);
    }

    /** Into a directory that is not there, where it is to stop in the middle. */
    private void bind(int member, Ticket ticket, Turn turn, At stop) throws IOException {
        Path aside = layout.home().resolve("aside");
        Ticket bound = ticket.of(Owner.task("q", new TaskId("t" + ticket.position())), 1);
        if (stop == At.TOUCH) {
            Files.move(layout.taskLocks(), aside);
        }
        try {
            books[member].bind(turn, ticket, bound, null);
        } finally {
            if (stop == At.TOUCH) {
                Files.move(aside, layout.taskLocks());
            }
        }
    }

    /** As another thread of the process, which does not enter. */
    void letGo(int ticket, int owner) throws IOException {
        letGo |= SectionState.bit(ticket);
        Files.delete(files.path(files.nameOf(rules.ticket(ticket, owner))));
    }

    /** What it finds out after that, without entering. */
    void findsThatNobodyWaits(int member, int position, List<Step> way) {
        Ticket ticket = rules.ticket(position, member);
        assertThat(sections[member].runAside(
                        turn -> books[member].letGoUnannounced(turn, ticket, files.nameOf(ticket))))
                .as("nobody waits after %s", way)
                .isTrue();
    }

    /** What a waiter that stays awake finds out without entering. */
    void isQuietSince(int member, int change, boolean expected, List<Step> way) {
        assertThat(sections[member].isQuietSince(change))
                .as("quiet after %s", way)
                .isEqualTo(expected);
    }

    /** With something in the place of the name that cannot be unlinked. */
    private void removeInVain(int member, Ticket ticket, Turn turn) throws IOException {
        Path name = files.path(files.nameOf(ticket));
        boolean isThere = Files.exists(name);
        Path aside = layout.home().resolve("aside");
        if (isThere) {
            Files.move(name, aside);
        }
        Path inside = Files.createDirectories(name.resolve("inside"));
        try {
            books[member].remove(turn, ticket);
        } finally {
            Files.delete(inside);
            Files.delete(name);
            if (isThere) {
                Files.move(aside, name);
            }
        }
    }

    private static void stopIf(boolean here) throws IOException {
        if (here) {
            throw new IOException("died");
        }
    }

    /** Leaves half an entry where the next one belongs. */
    void tearNext() throws IOException {
        long next = Objects.requireNonNull(order.latest()).number() + 1;
        while (order.isUnreadable(next)) {
            next++;
        }
        overwrite(next, 0, next);
    }

    /** Makes the position in that entry another. */
    void damage(long number) throws IOException {
        overwrite(number, Long.BYTES, 77);
    }

    private void overwrite(long number, int at, long value) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(layout.order().toFile(), "rw")) {
            file.seek(8L * 512 + number % OrderFile.RING * 512 + at);
            file.writeLong(value);
        }
    }

    void agreesWith(SectionState state, int member, List<Step> way) throws IOException {
        OrderFile.Entry latest = Objects.requireNonNull(order.latest());
        Entry expected = state.entry(state.latest());
        assertThat(names()).as("names after %s", way).isEqualTo(state.names);
        assertThat(latest.number()).as("changes after %s", way).isEqualTo(state.latest());
        assertThat(latest.position()).as("position after %s", way).isEqualTo(expected.position());
        assertThat(latest.change().kind()).as("change after %s", way).isEqualTo(expected.kind());
        Member me = state.members[member];
        String last = way.get(way.size() - 1).what();
        if (last.equals("LOOK") || (last.equals("touches") && me.ticket != 0 && me.ticket == state.highest)) {
            assertThat(granted || me.standing != Standing.GRANTED)
                    .as("grant after %s", way)
                    .isTrue();
        }
    }

    private int names() throws IOException {
        int names = 0;
        for (String name : files.list()) {
            names |= SectionState.bit((int) TicketFiles.positionOf(name));
        }
        return names;
    }

    private static int positions(List<Ticket> live) {
        int positions = 0;
        for (Ticket ticket : live) {
            positions |= SectionState.bit((int) ticket.position());
        }
        return positions;
    }
}
