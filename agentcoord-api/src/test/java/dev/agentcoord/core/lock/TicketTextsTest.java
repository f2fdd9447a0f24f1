package dev.agentcoord.core.lock;

import static dev.agentcoord.core.lock.Tickets.owner;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TicketTextsTest {
    private final TicketTexts texts = new TicketTexts();
    private final List<String> read = new ArrayList<>();

    @Test
    void aTextIsReadOnceAsLongAsItIsAmongThe512UsedLast() {
        for (int i = 0; i < 512; i++) {
            use("t" + i);
        }
        read.clear();

        use("t0");
        assertThat(read).isEmpty();
        use("another");
        use("t0");
        use("t1");
        assertThat(read).containsExactly("another", "t1");
    }

    private void use(String text) {
        texts.owner(text, unknown -> {
            read.add(unknown);
            return owner(1);
        });
    }
}
