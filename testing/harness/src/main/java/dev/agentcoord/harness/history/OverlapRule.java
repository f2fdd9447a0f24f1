package dev.agentcoord.harness.history;

import dev.agentcoord.harness.history.Violation.Kind;
import java.util.ArrayList;
import java.util.List;

/** No two agents ever rely on conflicting grants at one moment. A sweep over time that keeps the grants in force. */
final class OverlapRule {
    private final Conflicts conflicts;

    OverlapRule(Conflicts conflicts) {
        this.conflicts = conflicts;
    }

    List<Violation> check(List<Numbered> granted) {
        List<Violation> found = new ArrayList<>();
        List<Numbered> active = new ArrayList<>();
        for (Numbered next : granted) {
            long now = next.attempt().assertedFrom();
            active.removeIf(held -> held.attempt().assertedUntil() <= now);
            if (!next.attempt().isAsserted()) {
                continue;
            }
            active.stream().filter(held -> conflict(held, next)).forEach(held -> found.add(violation(held, next)));
            active.add(next);
        }
        return found;
    }

    private boolean conflict(Numbered held, Numbered next) {
        return held.attempt().isOfAnotherThan(next.attempt()) && conflicts.conflict(held.number(), next.number());
    }

    private static Violation violation(Numbered held, Numbered next) {
        boolean ended = held.attempt().isLost() || held.attempt().release() == null;
        return Violation.of(ended ? Kind.GRANTED_TOO_EARLY : Kind.OVERLAP, held.attempt(), next.attempt());
    }
}
