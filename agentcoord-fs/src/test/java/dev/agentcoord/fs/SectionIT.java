package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.StoreUnavailableException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SectionIT {
    private static final UUID BOOT = new UUID(1, 2);

    @TempDir
    private Path dir;

    private Path path;

    @BeforeEach
    void makeBlankFile() throws IOException {
        path = dir.resolve("order");
        Files.write(path, OrderFile.blank());
    }

    private Section open(UUID boot) throws IOException {
        return open(boot, () -> {});
    }

    private Section open(UUID boot, Runnable looks) throws IOException {
        return Section.open(path, boot, new Section.Unfinished() {
            @Override
            public void redo(long since) {
                // Nothing lasts here.
            }

            @Override
            public void finish() {
                looks.run();
            }

            @Override
            public @Nullable Change correction(Change latest) {
                return null;
            }
        });
    }

    @Test
    void positionsGrowAndNeverRepeatAcrossThreads() throws Exception {
        Section section = open(BOOT);
        Set<Long> positions = ConcurrentHashMap.newKeySet();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(() -> {
                for (int n = 0; n < 500; n++) {
                    positions.add(take(section));
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(positions).hasSize(2000);
    }

    @Test
    void aPositionThatWasNotAnnouncedIsGivenOutAgain() throws IOException {
        Section section = open(BOOT);
        long unused = section.run(Turn::nextPosition);
        assertThat(take(section)).isEqualTo(unused);
        assertThat(take(section)).isGreaterThan(unused);
    }

    @Test
    void aNewBootGoesOnAboveEveryPositionOfTheOldOne() throws IOException {
        long before = take(open(BOOT));
        Section next = open(new UUID(3, 4));
        long floor = next.run(Turn::floor);
        assertThat(floor).isGreaterThanOrEqualTo(before);
        assertThat(take(next)).isGreaterThan(floor);
    }

    @Test
    void aNewBootGivesOutNothingBeforeItsPromiseIsWritten() throws IOException {
        assertThat(open(BOOT).isReset()).isFalse();
        OrderFile order = new OrderFile(path);
        OrderFile.Reservation raised = Objects.requireNonNull(order.reservation());
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.seek((raised.sequence() & 1) * 512);
            file.write('X');
        }
        OrderFile.Reservation promise = Objects.requireNonNull(order.reservation());
        assertThat(promise.ceiling()).isEqualTo(promise.floor());
        assertThat(promise.promised()).isEqualTo(raised.ceiling());
    }

    @Test
    void theSameBootGoesOnWhereItWas() throws IOException {
        long before = take(open(BOOT));
        assertThat(take(open(BOOT))).isEqualTo(before + 1);
    }

    @Test
    void changesAreSeenOnceAndInOrder() throws IOException {
        Section section = open(BOOT);
        long start = section.run(Turn::change);
        announce(section, "a");
        announce(section, "b");
        List<Change> news = section.run(turn -> Objects.requireNonNull(turn.since(start)));
        assertThat(news).extracting(Change::name).containsExactly("a", "b");
    }

    @Test
    void aBodyThatFailsLeavesItsAnnouncementInDoubtUntilSomebodyLooks() throws IOException {
        AtomicInteger looks = new AtomicInteger();
        Section section = open(BOOT, looks::incrementAndGet);
        announce(section, "fine");
        take(section);
        int before = looks.get();
        assertThatThrownBy(() -> section.run(turn -> {
                    turn.announce(Change.Kind.STATE, "broken");
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("free space");
        take(section);
        take(section);
        assertThat(looks).hasValue(before + 1);
    }

    @Test
    void anInterruptInsideOrBeforeBreaksNothing() throws IOException {
        Section section = open(BOOT);
        Thread.currentThread().interrupt();
        take(section);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(take(section)).isPositive();
    }

    @Test
    void anOrderFileThatWasReplacedIsAResetForEver() throws IOException {
        Section section = open(BOOT);
        Files.delete(path);
        Files.write(path, OrderFile.blank());
        assertThatThrownBy(() -> take(section))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("wiped or replaced");
        assertThat(section.isReset()).isTrue();
    }

    @Test
    void theSectionIsNotReEntrant() throws IOException {
        Section section = open(BOOT);
        assertThatThrownBy(() -> section.run(turn -> take(section))).isInstanceOf(IllegalStateException.class);
        assertThat(take(section)).isPositive();
    }

    @Test
    void positionsGoOnWhenTheReserveRunsOut() throws IOException {
        Section section = open(BOOT);
        long last = section.run(turn -> {
            long position = 0;
            for (long n = 0; n < Turn.RESERVE + 10; n++) {
                position = turn.nextPosition();
            }
            turn.announce(Change.Kind.NONE, "");
            return position;
        });
        assertThat(take(section)).isEqualTo(last + 1);
        assertThat(open(new UUID(5, 6)).<Long>run(Turn::floor)).isGreaterThan(last);
    }

    private static long take(Section section) {
        return section.run(turn -> {
            long position = turn.nextPosition();
            turn.announce(Change.Kind.NONE, "");
            return position;
        });
    }

    private static void announce(Section section, String name) {
        section.run(turn -> {
            turn.announce(Change.Kind.STATE, name);
            return name;
        });
    }
}
