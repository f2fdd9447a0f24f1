package dev.agentcoord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FencingTokenTest {
    @Test
    void aLaterPositionIsALargerToken() {
        assertThat(new FencingToken(7, 11, 0)).isGreaterThan(new FencingToken(7, 10, 9));
    }

    @Test
    void aLaterStoreIsLargerWhateverThePosition() {
        assertThat(new FencingToken(8, 0, 0)).isGreaterThan(new FencingToken(7, Long.MAX_VALUE, 0));
    }

    @Test
    void aHandOverKeepsThePositionAndIsLarger() {
        assertThat(new FencingToken(7, 10, 1)).isGreaterThan(new FencingToken(7, 10, 0));
    }

    @Test
    void textOrderIsTokenOrder() {
        Random random = new Random(1);
        List<FencingToken> tokens = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            tokens.add(new FencingToken(
                    random.nextLong(1L << (1 + random.nextInt(47))),
                    random.nextLong() >>> (1 + random.nextInt(62)),
                    random.nextInt() >>> (1 + random.nextInt(30))));
        }
        List<FencingToken> byText = new ArrayList<>(tokens);
        byText.sort(Comparator.comparing(FencingToken::toString));
        Collections.sort(tokens);
        assertThat(byText).isEqualTo(tokens);
    }

    @Test
    void whatIsPrintedIsReadBack() {
        FencingToken token = new FencingToken((1L << 48) - 1, Long.MAX_VALUE, Integer.MAX_VALUE);
        assertThat(FencingToken.parse(token.toString())).isEqualTo(token);
    }

    @Test
    void whatWasNeverPrintedIsRefused() {
        for (String text : List.of("", "1-2-3", "00000000000g-0000000000000000-00000000", "x".repeat(38))) {
            assertThatThrownBy(() -> FencingToken.parse(text)).isInstanceOf(InvalidRequestException.class);
        }
    }

    @Test
    void partsBeyondTheirRangeAreRefused() {
        assertThatThrownBy(() -> new FencingToken(1L << 48, 0, 0)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> FencingToken.parse("000000000001-ffffffffffffffff-00000000"))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> FencingToken.parse("000000000001-0000000000000001-ffffffff"))
                .isInstanceOf(InvalidRequestException.class);
    }
}
