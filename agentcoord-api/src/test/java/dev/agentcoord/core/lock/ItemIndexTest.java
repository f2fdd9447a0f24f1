package dev.agentcoord.core.lock;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.Item.glob;
import static dev.agentcoord.Item.name;
import static dev.agentcoord.Item.tree;
import static dev.agentcoord.core.lock.Tickets.ticket;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Mode;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ItemIndexTest {
    private final ItemIndex index = new ItemIndex();

    @Test
    void anItemIsForgottenWithTheLastTicketThatNamesIt() {
        for (Item item : List.of(file("src/a"), tree("src"), glob("src/*"), name("n"))) {
            Want want = Want.of(item, Mode.EXCLUSIVE);
            Ticket first = ticket(1, 1, LockRequest.exclusive(item));
            Ticket last = ticket(2, 2, LockRequest.exclusive(item));
            index.add(want, first);
            index.add(want, last);

            index.remove(want, first);
            assertThat(index.anyOverlapping(want, queue -> true)).isTrue();
            index.remove(want, last);
            assertThat(index.anyOverlapping(want, queue -> true)).as("%s", item).isFalse();
        }
    }
}
