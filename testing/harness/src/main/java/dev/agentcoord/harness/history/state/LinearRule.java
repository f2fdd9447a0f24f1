package dev.agentcoord.harness.history.state;

import dev.agentcoord.harness.history.Call;
import dev.agentcoord.harness.history.Violation;
import dev.agentcoord.harness.history.Violation.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The calls on each key have an order that explains them; keys are independent of each other, so each is searched alone. */
final class LinearRule {
    private final List<Violation> found = new ArrayList<>();
    private int undecided;

    List<Violation> check(List<Transaction> transactions) {
        byKey(transactions).forEach((key, steps) -> {
            Linearizer linearizer = new Linearizer(steps);
            Linearizer.Answer answer = linearizer.answer();
            if (answer == Linearizer.Answer.NO) {
                found.add(new Violation(Kind.NOT_LINEARIZABLE, key + ": " + linearizer.stuck()));
            } else if (answer == Linearizer.Answer.UNDECIDED) {
                undecided += steps.size();
            }
        });
        return found;
    }

    /** Steps on keys for which the search was given up. */
    int undecided() {
        return undecided;
    }

    private static Map<String, List<Step>> byKey(List<Transaction> transactions) {
        Map<String, List<Step>> byKey = new TreeMap<>();
        for (Transaction each : transactions) {
            long completed = each.completed();
            for (Touch touch : each.touches()) {
                if (completed != Call.NEVER || touch.isWrite()) {
                    byKey.computeIfAbsent(touch.key(), key -> new ArrayList<>())
                            .add(new Step(each.call().invoked(), completed, touch));
                }
            }
        }
        return byKey;
    }
}
