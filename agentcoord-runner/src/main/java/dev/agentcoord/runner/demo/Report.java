package dev.agentcoord.runner.demo;

import java.util.List;
import java.util.Locale;

/** Both outcomes side by side, for people or for programs. */
record Report(Outcome uncoordinated, Outcome coordinated, double seconds) {
    String json() {
        return String.format(
                Locale.ROOT,
                "{\"uncoordinated\":%s,\"coordinated\":%s,\"seconds\":%.1f}",
                json(uncoordinated),
                json(coordinated),
                seconds);
    }

    List<String> table() {
        return List.of(
                row("", "uncoordinated", "coordinated"),
                row("edits to make", uncoordinated.edits(), coordinated.edits()),
                row("edits lost", uncoordinated.lost(), coordinated.lost()),
                row("tasks done twice", uncoordinated.doubleClaims(), coordinated.doubleClaims()),
                row("port clashes", uncoordinated.portClashes(), coordinated.portClashes()),
                row("failed git index operations", uncoordinated.gitIndexFailures(), coordinated.gitIndexFailures()),
                row("total that went wrong", uncoordinated.accidents(), coordinated.accidents()),
                String.format(Locale.ROOT, "%.1f seconds in all", seconds));
    }

    private static String row(String label, Object first, Object second) {
        return String.format("%-29s%15s%13s", label, first, second);
    }

    private static String json(Outcome outcome) {
        return String.format(
                "{\"edits\":%d,\"lost\":%d,\"doubleClaims\":%d,\"portClashes\":%d,\"gitIndexFailures\":%d}",
                outcome.edits(),
                outcome.lost(),
                outcome.doubleClaims(),
                outcome.portClashes(),
                outcome.gitIndexFailures());
    }
}
