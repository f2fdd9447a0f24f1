package dev.agentcoord.harness.history.state;

import dev.agentcoord.harness.history.Call;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Settles calls without an answer by what others read later: every value is written once, so whoever reads it tells its revision. */
final class Learned {
    private final Map<String, Long> revisions = new HashMap<>();

    private Learned(List<Transaction> transactions) {
        for (Transaction each : transactions) {
            for (Touch touch : each.touches()) {
                if (touch.seen() instanceof Seen.Exactly read && !read.version().isAbsent()) {
                    revisions.put(
                            touch.key() + " " + read.version().value(),
                            read.version().revision());
                }
            }
        }
    }

    /** The same transactions, with revisions where somebody has learned them. */
    static List<Transaction> apply(List<Transaction> transactions) {
        Learned learned = new Learned(transactions);
        List<Transaction> all = new ArrayList<>(transactions.size());
        transactions.forEach(each -> all.add(each.isCertain() ? each : learned.apply(each)));
        return all;
    }

    /** Whatever one call wrote has one revision. */
    private Transaction apply(Transaction unanswered) {
        Set<Long> known = new HashSet<>();
        for (Touch touch : unanswered.touches()) {
            Version left = touch.left();
            Long revision = left == null ? null : revisions.get(touch.key() + " " + left.value());
            if (revision != null) {
                known.add(revision);
            }
        }
        if (known.size() != 1) {
            return unanswered;
        }
        long revision = known.iterator().next();
        List<Touch> touches = unanswered.touches().stream()
                .map(each -> each.left() == null || each.left().isAbsent() ? each : each.withRevision(revision))
                .toList();
        Call call = unanswered.call();
        return new Transaction(unanswered.life(), call, touches);
    }
}
