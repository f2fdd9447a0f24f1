package dev.agentcoord.harness.history.state;

import dev.agentcoord.harness.history.Life;
import dev.agentcoord.harness.history.Violation;
import dev.agentcoord.harness.history.Violation.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Nobody reads what was there before its own latest write, however old reads may be. */
final class OwnWritesRule {
    private OwnWritesRule() {}

    static List<Violation> check(List<Transaction> transactions) {
        List<Transaction> inOrder = new ArrayList<>(transactions);
        inOrder.sort(Comparator.comparingLong(each -> each.call().invoked()));
        List<Violation> found = new ArrayList<>();
        Map<Life, Map<String, Long>> written = new HashMap<>();
        for (Transaction each : inOrder) {
            Map<String, Long> own = written.computeIfAbsent(each.life(), life -> new HashMap<>());
            for (Touch touch : each.touches()) {
                long latest = own.getOrDefault(touch.key(), 0L);
                if (touch.seen() instanceof Seen.Exactly read
                        && !read.version().isAbsent()
                        && read.version().revision() < latest) {
                    found.add(new Violation(Kind.OWN_WRITE_MISSED, "revision " + latest + " / " + each));
                }
                if (each.isCertain()) {
                    touch.written().ifPresent(left -> own.put(touch.key(), left.revision()));
                }
            }
        }
        return found;
    }
}
