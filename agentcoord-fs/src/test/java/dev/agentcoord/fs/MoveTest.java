package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is announced of a task is understood again, and what anybody else may have written leads nowhere. */
final class MoveTest {
    private static final String SEQUENCE = "00000000000000a1";
    private static final String NAME = SEQUENCE + "~p5~n1~d0~a0of5~any~0123456789abc~build.me-1";

    private static final List<String> NO_MOVES = List.of(
            "",
            "work/",
            "work/t " + SEQUENCE,
            "work/t " + SEQUENCE + " a",
            "work/t " + SEQUENCE + " a>b",
            "work/t " + SEQUENCE + " a>b/",
            "work/t " + SEQUENCE + " a>b/x",
            "work/t " + SEQUENCE + " a>b/" + SEQUENCE,
            "work/t " + SEQUENCE + " a>b/g000000000000000~x",
            "work/t " + SEQUENCE + " a>b/8000000000000000~x",
            "work/t " + SEQUENCE + " >b/" + NAME,
            "work/t " + SEQUENCE + " a>/" + NAME,
            "work/t " + SEQUENCE + " ../a>b/" + NAME,
            "work/t " + SEQUENCE + " a>../b/" + NAME,
            "../t " + SEQUENCE + " a>b/" + NAME,
            "work/t 00000000000000A1 a>b/" + NAME,
            "work/t 0 a>b/" + NAME,
            "/t " + SEQUENCE + " a>b/" + NAME);

    @Test
    void aMoveIsUnderstoodAsItWasAnnounced() {
        Move whole = new Move("work-2", "build.me-1", SEQUENCE, "ready/5/0~1", "claimed", NAME, false);
        Move part = new Move("work-2", "build.me-1", SEQUENCE, "new", "blocked/0~1", NAME, true);
        assertThat(Move.parse(whole.text())).isEqualTo(whole);
        assertThat(Move.parse(part.text())).isEqualTo(part);
    }

    @Test
    void nothingElseIsTakenForOne() {
        assertThat(NO_MOVES)
                .allSatisfy(text -> assertThat(Move.parse(text)).as(text).isNull());
    }
}
