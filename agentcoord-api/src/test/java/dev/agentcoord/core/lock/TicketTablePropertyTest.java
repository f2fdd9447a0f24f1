package dev.agentcoord.core.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Pool;
import dev.agentcoord.PoolMismatchException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random histories of adding and removing, compared step by step with the rule written down naively. */
final class TicketTablePropertyTest {
    private static final int HISTORIES = 150;
    private static final int STEPS = 50;
    private static final List<String> GLOBS =
            List.of("**", "*", "a/*", "**/b", "*/c", "a/**/c", "{a,b}/c", "[ab]/b/**", "a/b/?", "**/b/*");

    @Test
    void blockersAndGrantsAreThoseOfTheRule() {
        for (int seed = 0; seed < HISTORIES; seed++) {
            new History(seed).run();
        }
    }

    private static final class History {
        private final Random random;
        private final NaiveTable naive = new NaiveTable();
        private final TicketTable table = new TicketTable();
        private long position;

        History(int seed) {
            random = new Random(seed);
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                if (naive.live.isEmpty() || random.nextInt(5) < 3) {
                    add();
                } else {
                    remove();
                }
                agree();
            }
            noTwoGrantsConflict();
        }

        private void add() {
            Ticket ticket = Tickets.ticket(nextPosition(), random.nextInt(5), wants());
            naive.live.add(ticket);
            table.add(ticket);
        }

        /** Mostly the next, sometimes one that was left out before, as when a listing comes in no order. */
        private long nextPosition() {
            position += 2;
            long skipped = position - 1 - 2L * random.nextInt(10);
            boolean free = skipped > 0 && table.get(skipped) == null;
            return free && random.nextInt(4) == 0 ? skipped : position;
        }

        private void remove() {
            Ticket ticket = naive.live.get(random.nextInt(naive.live.size()));
            List<Ticket> admitted = new ArrayList<>(naive.granted());
            naive.live.remove(ticket);
            List<Ticket> after = new ArrayList<>(naive.granted());
            after.removeAll(admitted);

            assertThat(table.nextAfter(ticket))
                    .as("next after %s out of %s", ticket, naive.live)
                    .isEqualTo(after);
            assertThat(table.remove(ticket.position())).isEqualTo(ticket);
            assertThat(table.admittedBy(ticket))
                    .as("admitted by %s out of %s", ticket, naive.live)
                    .isEqualTo(after);
            assertThat(table.stillBlockedAfter(ticket))
                    .as("still blocked after %s out of %s", ticket, naive.live)
                    .allMatch(waiting -> waiting.compareTo(ticket) > 0
                            && NaiveTable.mayWaitFor(waiting, ticket)
                            && naive.stateOf(waiting) != NaiveTable.State.GRANTED);
        }

        private void agree() {
            assertThat(table.all())
                    .containsExactlyElementsOf(naive.live.stream().sorted().toList());
            naive.live.forEach(this::agreeOn);
            agreeOn(Tickets.ticket(Long.MAX_VALUE, random.nextInt(6), wants()));
        }

        private void agreeOn(Ticket ticket) {
            if (naive.stateOf(ticket) == NaiveTable.State.MISMATCH) {
                assertThatThrownBy(() -> table.isGranted(ticket)).isInstanceOf(PoolMismatchException.class);
                assertThatThrownBy(() -> table.blockersOf(ticket)).isInstanceOf(PoolMismatchException.class);
                return;
            }
            List<Ticket> blockers = naive.blockersOf(ticket);
            assertThat(table.blockersOf(ticket))
                    .as("blockers of %s in %s", ticket, naive.live)
                    .isEqualTo(blockers);
            assertThat(table.isGranted(ticket)).isEqualTo(blockers.isEmpty());
            assertThat(table.isInTheWay(ticket)).isEqualTo(naive.isInTheWay(ticket));
        }

        private void noTwoGrantsConflict() {
            List<Ticket> granted = naive.granted();
            for (Ticket a : granted) {
                for (Ticket b : granted.subList(0, granted.indexOf(a))) {
                    assertThat(NaiveTable.conflict(a, b)).isFalse();
                }
            }
        }

        private LockRequest wants() {
            LockRequest wants = LockRequest.empty();
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                Item item = item();
                wants = random.nextInt(3) == 0 ? wants.andExclusive(item) : wants.andShared(item);
            }
            for (int pool = 0; pool < 2; pool++) {
                if (random.nextInt(4) == 0) {
                    int capacity = random.nextInt(20) == 0 ? 4 : 3;
                    wants = wants.andPermits(new Pool("p" + pool, capacity), 1 + random.nextInt(2));
                }
            }
            return wants;
        }

        private Item item() {
            return switch (random.nextInt(8)) {
                case 0, 1, 2 -> Item.file(path(1));
                case 3, 4 -> Item.tree(random.nextInt(10) == 0 ? "." : path(1));
                case 5, 6 -> Item.glob(GLOBS.get(random.nextInt(GLOBS.size())));
                default -> Item.name("n" + random.nextInt(3));
            };
        }

        private String path(int depth) {
            String name = String.valueOf("abc".charAt(random.nextInt(3)));
            return depth < 3 && random.nextBoolean() ? name + "/" + path(depth + 1) : name;
        }
    }
}
