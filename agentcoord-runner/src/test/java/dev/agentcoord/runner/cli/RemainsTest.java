package dev.agentcoord.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.fs.FsReport;
import dev.agentcoord.fs.FsReport.Left;
import dev.agentcoord.runner.Refusal;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RemainsTest {
    @Test
    void tickets_of_the_dead_are_counted_with_who_can_remove_them() {
        List<Left> left = List.of(left("/s/a", "eve"), left("/s/b", "bob"), left("/s/c", "eve"));
        assertThat(Remains.describe(new FsReport(left, List.of())))
                .isEqualTo("3 of sessions that have ended, which block nobody;"
                        + " 'agentcoord doctor' as bob, eve or root removes them");
        assertThat(Remains.describe(new FsReport(List.of(), List.of()))).isEqualTo("none");
    }

    @Test
    void what_is_planted_is_refused_with_a_command_that_no_name_can_turn_into_another() {
        FsReport report = new FsReport(List.of(), List.of(left("/s/x'; reboot", "eve")));
        assertThatThrownBy(() -> Remains.describe(report))
                .hasMessageStartingWith("/s/x'; reboot of user eve: ")
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> assertThat(refusal.next())
                                .isEqualTo("as that user or root: rm -r -- '/s/x'\\''; reboot'"));
    }

    @Test
    void of_many_some_are_named() {
        List<Left> many = List.of(left("/s/1", "eve"), left("/s/2", "eve"), left("/s/3", "eve"), left("/s/4", "eve"));
        assertThatThrownBy(() -> Remains.describe(new FsReport(List.of(), many)))
                .hasMessageContaining("/s/3 of user eve and 1 more: ")
                .hasMessageNotContaining("/s/4");
    }

    private static Left left(String path, String user) {
        return new Left(Path.of(path), user);
    }
}
