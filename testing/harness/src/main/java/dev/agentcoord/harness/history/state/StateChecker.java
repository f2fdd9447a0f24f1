package dev.agentcoord.harness.history.state;

import dev.agentcoord.harness.history.Violation;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks a history of the shared state against what every backend promises: the calls on each key are linearizable, and all of them
 * together, whether they touch one key or several, strictly serializable. Stateless.
 */
public final class StateChecker {
    private StateChecker() {}

    /**
     * What was found.
     *
     * @param violations grouped by rule; empty for a history that shows no broken promise
     * @param undecided how many calls could not be judged within the budget
     */
    public record Report(List<Violation> violations, int undecided) {}

    /** Checks a history; reads may be as old as was promised. */
    public static Report check(List<Transaction> history, StatePromise promise) {
        List<Transaction> learned = Learned.apply(history);
        List<Transaction> all = promise == StatePromise.OWN_WRITES ? OlderReads.apply(learned) : learned;
        LinearRule linear = new LinearRule();
        List<Violation> found = new ArrayList<>();
        found.addAll(RevisionRule.check(all));
        found.addAll(OwnWritesRule.check(learned));
        found.addAll(linear.check(all));
        found.addAll(new CycleRule(all).check());
        return new Report(found, linear.undecided());
    }
}
