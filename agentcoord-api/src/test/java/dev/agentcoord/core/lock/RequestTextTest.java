package dev.agentcoord.core.lock;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.Item.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.LockRequest;
import org.junit.jupiter.api.Test;

final class RequestTextTest {
    private static final LockRequest WANTS =
            LockRequest.exclusive(file("src/a")).andShared(name("n ~")).reason("why not");

    @Test
    void aRequestIsReadBackFromItsText() {
        assertThat(RequestText.decode(RequestText.encode(WANTS), "here")).isEqualTo(WANTS);
    }

    @Test
    void anotherSpellingOfARequestIsRefusedAndSoIsWhatIsNone() {
        for (String bad : new String[] {"", "~", "xf=b,xf=a~", "xf=.+a~", "xf=%61~", "xf=a"}) {
            assertThatThrownBy(() -> RequestText.decode(bad, "here"))
                    .as(bad)
                    .isInstanceOfSatisfying(
                            CorruptRecordException.class,
                            e -> assertThat(e.subject()).isEqualTo("here"));
        }
    }
}
