package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.fs.Explorer.Found;
import dev.agentcoord.fs.ReservationModel.Mistake;
import org.junit.jupiter.api.Test;

/** All orders in which positions can be reserved and taken around deaths and power cuts; and that a wrong program is found out. */
final class ReservationModelTest {
    @Test
    void noPositionRepeatsWhateverDies() {
        Found found = Explorer.explore(new ReservationModel(2, 2, 1, 2, Mistake.NONE));
        assertThat(found.broken()).as(found.toString()).isNull();
        assertThat(found.states()).as(found.toString()).isGreaterThan(50_000);
    }

    @Test
    void aCeilingRaisedBeforeItIsOnTheDiskIsFoundOut() {
        assertBreaks(Mistake.RAISED_BEFORE_THE_SYNC);
    }

    @Test
    void aNewBootThatGivesOutWhatIsNotOnTheDiskIsFoundOut() {
        assertBreaks(Mistake.NEW_BOOT_RAISED_BEFORE_THE_SYNC);
    }

    @Test
    void aNewBootThatCountsOnFromTheLastPositionIsFoundOut() {
        assertBreaks(Mistake.COUNTS_ON_FROM_THE_LAST_POSITION);
    }

    @Test
    void aNewBootThatCountsOnFromTheCeilingIsFoundOut() {
        assertBreaks(Mistake.COUNTS_ON_FROM_THE_CEILING);
    }

    private static void assertBreaks(Mistake mistake) {
        Found found = Explorer.explore(new ReservationModel(2, 2, 1, 2, mistake));
        assertThat(found.broken()).as(found.toString()).isEqualTo("no position repeats");
    }
}
