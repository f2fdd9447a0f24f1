package dev.agentcoord.harness.history.state;

import dev.agentcoord.harness.history.Call;
import dev.agentcoord.harness.history.Life;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where reads may be old, a read may have had its moment any time since its session's own latest write. */
final class OlderReads {
    private OlderReads() {}

    /** The same transactions, with plain reads begun as early as they may have been. */
    static List<Transaction> apply(List<Transaction> transactions) {
        List<Transaction> inOrder = new ArrayList<>(transactions);
        inOrder.sort(Comparator.comparingLong(each -> each.call().invoked()));
        Map<Life, Long> latestWrites = new HashMap<>();
        List<Transaction> all = new ArrayList<>(inOrder.size());
        for (Transaction each : inOrder) {
            if (each.writes()) {
                latestWrites.put(each.life(), each.call().invoked());
                all.add(each);
            } else {
                Call call = each.call();
                long since = latestWrites.getOrDefault(each.life(), Long.MIN_VALUE);
                all.add(new Transaction(
                        each.life(), new Call(since, call.completed(), call.outcome()), each.touches()));
            }
        }
        return all;
    }
}
