package dev.agentcoord.harness.history.state;

import dev.agentcoord.harness.history.Violation;
import dev.agentcoord.harness.history.Violation.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** No two writes of a key have one revision, a deletion between them or not. */
final class RevisionRule {
    private RevisionRule() {}

    static List<Violation> check(List<Transaction> transactions) {
        List<Violation> found = new ArrayList<>();
        Map<String, Transaction> writers = new HashMap<>();
        for (Transaction each : transactions) {
            for (Touch touch : each.touches()) {
                Version left = touch.left();
                if (left != null && left.revision() > 0) {
                    Transaction other = writers.putIfAbsent(left.revision() + " " + touch.key(), each);
                    if (other != null) {
                        found.add(new Violation(Kind.REVISION_REPEATED, other + " / " + each));
                    }
                }
            }
        }
        return found;
    }
}
