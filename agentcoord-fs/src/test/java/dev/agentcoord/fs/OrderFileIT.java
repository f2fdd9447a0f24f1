package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.CorruptRecordException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OrderFileIT {
    private static final UUID BOOT = new UUID(1, 2);

    @TempDir
    private Path dir;

    private Path path;
    private OrderFile order;

    @BeforeEach
    void makeBlankFile() throws IOException {
        path = dir.resolve("order");
        Files.write(path, OrderFile.blank());
        order = new OrderFile(path);
    }

    @Test
    void aBlankFileHasNeitherReservationNorEntries() throws IOException {
        assertThat(order.reservation()).isNull();
        assertThat(order.latest()).isNull();
        assertThat(order.after(0)).isEmpty();
    }

    @Test
    void entriesComeBackInOrderAcrossTheEndOfTheRing() throws IOException {
        for (long n = 1; n <= OrderFile.RING + 20; n++) {
            order.write(entry(n));
        }
        assertThat(order.after(OrderFile.RING - 30)).hasSize(50).first().isEqualTo(entry(OrderFile.RING - 29));
        assertThat(order.latest()).isEqualTo(entry(OrderFile.RING + 20));
    }

    @Test
    void entriesWrittenAtOnceComeBackInOrderAcrossTheEndOfTheRing() throws IOException {
        for (long n = 1; n < OrderFile.RING - 2; n++) {
            order.write(entry(n));
        }
        List<OrderFile.Entry> together = LongStream.range(OrderFile.RING - 2, OrderFile.RING + 4)
                .mapToObj(OrderFileIT::entry)
                .toList();
        order.write(together);
        assertThat(order.after(OrderFile.RING - 3)).isEqualTo(together);
    }

    @Test
    void anEntryIsTheLatestUntilOneIsWrittenOrBegunAfterIt() throws IOException {
        order.write(entry(1));
        assertThat(order.isLatest(1)).isTrue();
        assertThat(order.isLatest(0)).isFalse();
        overwrite(10L * 512 + 7, (char) 2);
        assertThat(order.isLatest(1)).isFalse();
    }

    @Test
    void whoeverIsBehindByMoreThanTheRingIsTold() throws IOException {
        for (long n = 1; n <= OrderFile.RING + 20; n++) {
            order.write(entry(n));
        }
        assertThat(order.after(19)).isNull();
        assertThat(order.after(20)).hasSize(OrderFile.RING);
    }

    @Test
    void aTornEntryCountsAsNeverWritten() throws IOException {
        order.write(entry(1));
        order.write(entry(2));
        overwrite(10L * 512 + 26, 'X');
        assertThat(order.latest()).isEqualTo(entry(1));
        assertThat(order.after(0)).isNull();
    }

    @Test
    void whoMissedExactlyTheRingIsToldThoughTheNextEntryIsTorn() throws IOException {
        for (long n = 1; n <= OrderFile.RING + 1; n++) {
            order.write(entry(n));
        }
        overwrite((8L + 2) * 512 + 26, 'X');
        assertThat(order.after(1)).isNull();
    }

    @Test
    void aTornReservationLeavesTheOneBefore() throws IOException {
        OrderFile.Reservation first = new OrderFile.Reservation(1, BOOT, 0, 100, 100);
        order.write(first);
        order.write(new OrderFile.Reservation(2, BOOT, 0, 100, 200));
        assertThat(order.reservation())
                .extracting(OrderFile.Reservation::promised)
                .isEqualTo(200L);
        overwrite(40, 'X');
        assertThat(order.reservation()).isEqualTo(first);
    }

    @Test
    void twoDamagedReservationsAreATypedErrorNamingTheFile() throws IOException {
        order.write(new OrderFile.Reservation(1, BOOT, 0, 100, 100));
        overwrite(512 + 40, 'X');
        assertThatThrownBy(order::reservation)
                .isInstanceOf(CorruptRecordException.class)
                .hasMessageContaining(path.toString());
    }

    @Test
    void aFileCutShortIsATypedError() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(100);
        }
        assertThatThrownBy(order::latest).isInstanceOf(CorruptRecordException.class);
    }

    private static OrderFile.Entry entry(long number) {
        return new OrderFile.Entry(number, number * 2, new Change(Change.Kind.TICKET_ADDED, "name-" + number));
    }

    private void overwrite(long at, char with) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.seek(at);
            file.write(with);
        }
    }
}
