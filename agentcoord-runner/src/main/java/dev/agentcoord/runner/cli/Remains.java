package dev.agentcoord.runner.cli;

import dev.agentcoord.fs.FsReport;
import dev.agentcoord.runner.Refusal;
import dev.agentcoord.runner.text.ShellQuote;
import java.util.List;
import java.util.stream.Collectors;

/** What the doctor says of names in a space that serve nobody. */
final class Remains {
    private static final int SHOWN = 3;

    private Remains() {}

    /** What is left and harmless; throws what to do about anything that is not. */
    static String describe(FsReport report) {
        String tickets = tickets(report.voidTickets());
        if (report.planted().isEmpty()) {
            return tickets;
        }
        String what = report.planted().stream()
                .limit(SHOWN)
                .map(left -> left.path() + " of user " + left.user())
                .collect(Collectors.joining(", "));
        int more = report.planted().size() - SHOWN;
        throw Refusal.failed(
                what + (more > 0 ? " and " + more + " more" : "")
                        + ": made there by hand; it counts for nothing, but as a mark of a theft ("
                        + "ID.revoked~TICKET) it keeps that ticket from being stolen; tickets: " + tickets,
                "as that user or root: rm -r -- " + words(report.planted()));
    }

    private static String words(List<FsReport.Left> planted) {
        return planted.stream()
                .limit(SHOWN)
                .map(left -> ShellQuote.word(left.path().toString()))
                .collect(Collectors.joining(" "));
    }

    private static String tickets(List<FsReport.Left> left) {
        if (left.isEmpty()) {
            return "none";
        }
        String users =
                left.stream().map(FsReport.Left::user).distinct().sorted().collect(Collectors.joining(", "));
        return left.size() + " of sessions that have ended, which block nobody; 'agentcoord doctor' as " + users
                + " or root removes them";
    }
}
