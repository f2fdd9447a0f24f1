package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.FencingToken;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

final class AccountsTest {
    @Test
    void whoComesOneAfterTheOtherBreaksNothing() {
        assertThat(judge(write(1, 0, 1, 2, 10), write(2, 1, 2, 11, 20), read(3, 3, 4, 21, 30), read(4, 4, 5, 22, 29)))
                .isEmpty();
    }

    @Test
    void whatDoesNotConflictMayOverlapAndOvertake() {
        Hold elsewhere = new Hold(token(1), 2, 0, 0, 1, 30, 40);
        assertThat(judge(elsewhere, write(2, 2, 3, 4, 50))).isEmpty();
    }

    @Test
    void aWriterAmongReadersIsSeen() {
        assertThat(judge(read(1, 0, 1, 2, 10), write(2, 1, 2, 9, 20)))
                .hasSize(1)
                .allMatch(is("held at once"));
        assertThat(judge(write(1, 0, 1, 2, 10), read(2, 1, 2, 9, 20)))
                .hasSize(1)
                .allMatch(is("held at once"));
    }

    @Test
    void aLongHoldIsRememberedBehindShortOnes() {
        assertThat(judge(read(1, 0, 1, 2, 100), read(2, 1, 2, 3, 10), write(3, 4, 5, 50, 60)))
                .hasSize(1)
                .allMatch(is("held at once"));
    }

    @Test
    void whoIsGrantedBeforeAnEarlierOneIsSeen() {
        assertThat(judge(write(1, 0, 1, 20, 30), write(2, 2, 3, 4, 10)))
                .hasSize(1)
                .allMatch(is("granted out of turn"));
        assertThat(judge(write(1, 0, 1, 20, 30), read(2, 2, 3, 4, 10)))
                .hasSize(1)
                .allMatch(is("granted out of turn"));
    }

    @Test
    void aTokenThatComesTwiceIsSeen() {
        assertThat(judge(write(1, 0, 1, 2, 3), write(1, 4, 5, 6, 7))).anyMatch(is("one token"));
    }

    @Test
    void anOrderThatIsNotTheOneOfTheRequestsIsSeen() {
        assertThat(judge(write(2, 0, 1, 2, 3), new Hold(token(1), 2, 0, 4, 5, 6, 7)))
                .hasSize(1)
                .allMatch(is("asked later, placed earlier"));
    }

    @Test
    void whatIsWrittenIsRead() {
        Hold hold = new Hold(token(7), -1, 5, 1, 2, 3, 4);
        assertThat(Hold.parse(hold.line())).isEqualTo(hold);
    }

    private static Predicate<String> is(String what) {
        return text -> text.startsWith(what);
    }

    private static List<String> judge(Hold... holds) {
        return new Accounts(List.of(holds)).violations();
    }

    private static Hold write(long position, long asked, long placed, long granted, long ended) {
        return new Hold(token(position), 1, 0, asked, placed, granted, ended);
    }

    private static Hold read(long position, long asked, long placed, long granted, long ended) {
        return new Hold(token(position), 0, 1, asked, placed, granted, ended);
    }

    private static FencingToken token(long position) {
        return new FencingToken(1, position, 0);
    }
}
