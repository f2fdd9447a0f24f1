package dev.agentcoord.harness.history;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks a history of lock requests against what every backend promises: exclusion, pool capacity, token order, first come first
 * served, no loss and no refusal without a cause. Linear in the attempts, except for the number of different requests and of grants in
 * force at once. Stateless.
 */
public final class LockChecker {
    /** How long a dead agent's requests may stand in the way: a second is promised, and one more is left to a busy machine. */
    static final Duration GRACE = Duration.ofSeconds(2);

    private LockChecker() {}

    /** Every violation found, grouped by rule; empty for a history that shows no broken promise. */
    public static List<Violation> check(History history) {
        Conflicts conflicts = new Conflicts();
        List<Numbered> all = Numbered.of(afterThefts(history), conflicts);
        List<Numbered> granted = Numbered.granted(all);
        List<Violation> found = new ArrayList<>();
        found.addAll(new OverlapRule(conflicts).check(granted));
        found.addAll(new PoolRule().check(granted));
        found.addAll(new OrderRule(conflicts).check(granted));
        found.addAll(new SightingRule(conflicts).check(granted, history.sightings()));
        found.addAll(new LossRule().check(history.attempts(), history.stolen()));
        found.addAll(new RefusalRule(conflicts, GRACE.toNanos()).check(all));
        return found;
    }

    private static List<Attempt> afterThefts(History history) {
        return history.attempts().stream()
                .map(each -> each.token() != null
                                && history.stolen().contains(each.token().position())
                        ? each.afterTheft()
                        : each)
                .toList();
    }
}
