package dev.agentcoord.harness.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Checks a history of lock requests against what every backend promises: exclusion, pool capacity, token order, first come first
 * served, no loss and no refusal without a cause. Linear in the attempts, except for the number of different requests and of grants in
 * force at once. Stateless.
 */
public final class LockChecker {
    private LockChecker() {}

    /** Every violation found, grouped by rule; empty for a history that shows no broken promise. */
    public static List<Violation> check(History history, LockPromise promise) {
        Conflicts conflicts = new Conflicts();
        List<Numbered> all = Numbered.of(afterLosses(history), conflicts);
        List<Numbered> granted = Numbered.granted(all);
        List<Violation> found = new ArrayList<>();
        found.addAll(new OverlapRule(conflicts).check(granted));
        found.addAll(new PoolRule().check(granted));
        found.addAll(new OrderRule(conflicts).check(granted));
        found.addAll(new SightingRule(conflicts, promise).check(granted, history.sightings()));
        found.addAll(new LossRule().check(history.attempts(), history.stolen()));
        found.addAll(new RefusalRule(conflicts, promise).check(all));
        return found;
    }

    private static List<Attempt> afterLosses(History history) {
        return history.attempts().stream()
                .map(each -> each.life().isUncertain() || isStolen(each, history.stolen()) ? each.afterLoss() : each)
                .toList();
    }

    private static boolean isStolen(Attempt attempt, Set<Long> stolen) {
        return attempt.token() != null && stolen.contains(attempt.token().position());
    }
}
