package dev.agentcoord.core.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.InvalidRequestException;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class PageCursorTest {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,19}");

    @Test
    void aPageBeginsAtTheBeginningOrWhereAnotherEnded() {
        assertThat(PageCursor.require("", NUMBER)).isEmpty();
        assertThat(PageCursor.require("42", NUMBER)).isEqualTo("42");
    }

    @Test
    void whereNoPageEndedNoneBegins() {
        for (String bad : List.of("x", "4 2", "42\n", "../42", "-1")) {
            assertThatThrownBy(() -> PageCursor.require(bad, NUMBER))
                    .as("'%s'", bad)
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("begin without");
        }
    }
}
