package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OnceTest {
    @Test
    void whatFailedIsTriedAgainAndWhatWasFoundIsKept() {
        AtomicInteger calls = new AtomicInteger();
        Once<Integer> once = new Once<>(() -> {
            if (calls.incrementAndGet() == 1) {
                throw new IllegalStateException("too many open files");
            }
            return calls.get();
        });

        assertThatThrownBy(once::get).isInstanceOf(IllegalStateException.class);
        assertThat(once.get()).isEqualTo(2);
        assertThat(once.get()).isEqualTo(2);
    }
}
