package dev.agentcoord.zk;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.Item.glob;
import static dev.agentcoord.Item.name;
import static dev.agentcoord.Item.pool;
import static dev.agentcoord.Item.tree;
import static dev.agentcoord.LockRequest.exclusive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.SessionId;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Test;

final class TicketNodeTest {
    private static final String LOCKS = "/agentcoord/x/locks";
    private static final SessionId ME = SessionId.random();

    @Test
    void a_name_and_its_data_say_what_was_asked_for() {
        LockRequest wants = exclusive(file("src/A b.java"), tree("src/~gen"), name("git:index"))
                .andShared(glob("**/*.{proto,x?}"))
                .andPermits(pool("build", 2), 1)
                .reason("TASK-42 rename ✓ ~ 7");

        TicketNode read = written(wants, 7, 12);

        assertThat(read.needsBody()).isFalse();
        assertThat(read.wants(LOCKS, TicketNode.data(wants, prefix(wants, 7)))).isEqualTo(wants);
        assertThat(read.session()).isEqualTo(ME);
        assertThat(read.request()).isEqualTo(7);
        assertThat(read.sequence()).isEqualTo(12);
        assertThat(read.name()).contains(TicketNode.mark(ME, 7));
    }

    @Test
    void a_request_too_long_for_a_name_stands_in_the_data() {
        LockRequest wants = exclusive(IntStream.range(0, 256)
                        .mapToObj(i -> file("dir/file" + i))
                        .toArray(Item[]::new))
                .reason("all");

        TicketNode read = written(wants, 1, -2);

        assertThat(read.name()).hasSizeLessThanOrEqualTo(TicketNode.MAX_NAME);
        assertThat(read.needsBody()).isTrue();
        assertThat(read.wants(LOCKS, TicketNode.data(wants, prefix(wants, 1)))).isEqualTo(wants);
    }

    @Test
    void no_name_is_longer_than_a_full_list_allows() {
        for (int length = 1; length < 256; length++) {
            LockRequest wants = exclusive(file("a".repeat(length)));
            assertThat(prefix(wants, Long.MAX_VALUE).length() + "-2147483648".length())
                    .isLessThanOrEqualTo(TicketNode.MAX_NAME);
        }
    }

    @Test
    void what_was_asked_and_by_whom_does_not_order_tickets_only_the_sequence_does() {
        TicketNode first = TicketNode.parse(LOCKS, ticketName("v".repeat(26), "xf=z", 99, 5));
        TicketNode second = TicketNode.parse(LOCKS, ticketName("0".repeat(26), "xf=a", 1, 6));

        assertThat(second.isAfter(first)).isTrue();
        assertThat(first.isAfter(second)).isFalse();
    }

    @Test
    void the_order_survives_the_wrapping_of_the_sequence() {
        TicketNode last = written(exclusive(file("a")), 1, Integer.MAX_VALUE);
        TicketNode next = written(exclusive(file("a")), 2, Integer.MIN_VALUE);

        assertThat(next.isAfter(last)).isTrue();
        assertThat(last.isAfter(next)).isFalse();
    }

    @Test
    void a_book_decides_by_the_same_order_when_the_sequence_wraps() {
        Book book = new Book();
        TicketNode last = written(exclusive(file("a")), 1, Integer.MAX_VALUE);
        TicketNode next = written(exclusive(file("a")), SessionId.random(), Integer.MIN_VALUE);
        TicketNode third = written(exclusive(file("a")), SessionId.random(), Integer.MIN_VALUE + 1);
        List<TicketNode> nodes = List.of(third, last, next);

        book.update(listing(1, nodes), n -> entry(nodes, n));

        assertThat(book.blockersOf(last.name())).isEmpty();
        assertThat(book.blockersOf(next.name())).containsExactly(last.name());
        assertThat(book.blockersOf(third.name())).containsExactly(last.name(), next.name());
        book.update(listing(2, List.of(third, next)), n -> entry(nodes, n));
        assertThat(book.blockersOf(third.name())).containsExactly(next.name());
        assertThat(book.blockersOf(last.name())).isNull();
    }

    @Test
    void an_older_list_that_comes_late_changes_nothing() {
        Book book = new Book();
        TicketNode first = written(exclusive(file("a")), 1, 1);
        TicketNode second = written(exclusive(file("a")), SessionId.random(), 2);
        List<TicketNode> nodes = List.of(first, second);
        book.update(listing(9, List.of(second)), n -> entry(nodes, n));

        book.update(listing(8, nodes), n -> entry(nodes, n));

        assertThat(book.blockersOf(second.name())).isEmpty();
    }

    @Test
    void a_name_that_is_none_of_a_ticket_is_named_and_not_skipped() {
        for (String bad : List.of(
                "",
                "x",
                "~~",
                "xf=a~" + ME + ".1~",
                "xf=a~" + ME + ".x~0000000001",
                "xf=a~nobody.1~0000000001",
                "nothing~" + ME + ".1~0000000001",
                "xf=a~" + ME + "~0000000001")) {
            assertThatExceptionOfType(CorruptRecordException.class)
                    .as(bad)
                    .isThrownBy(() -> TicketNode.parse(LOCKS, bad))
                    .withMessageContaining(LOCKS);
        }
    }

    private static TicketNode written(LockRequest wants, long request, int sequence) {
        String name = prefix(wants, request) + sequenceText(sequence);
        TicketNode read = TicketNode.parse(LOCKS, name);
        assertThat(TicketNode.made(name, wants, ME, request)).isEqualTo(read);
        return read;
    }

    private static TicketNode written(LockRequest wants, SessionId session, int sequence) {
        return TicketNode.parse(LOCKS, TicketNode.prefix(wants, session, 1) + sequenceText(sequence));
    }

    private static String prefix(LockRequest wants, long request) {
        return TicketNode.prefix(wants, ME, request);
    }

    private static String ticketName(String session, String items, long request, int sequence) {
        return items + "~" + session + "." + request + "~" + sequenceText(sequence);
    }

    /** As the servers write it. */
    private static String sequenceText(int sequence) {
        return String.format(Locale.ENGLISH, "%010d", sequence);
    }

    private static Requests.Listing listing(long zxid, List<TicketNode> nodes) {
        Stat stat = new Stat();
        stat.setPzxid(zxid);
        return new Requests.Listing(nodes.stream().map(TicketNode::name).toList(), stat);
    }

    private static Book.Entry entry(List<TicketNode> nodes, String name) {
        TicketNode node =
                nodes.stream().filter(n -> n.name().equals(name)).findFirst().orElseThrow();
        return new Book.Entry(node, exclusive(file("a")));
    }
}
