package dev.agentcoord.harness.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * An attempt and the number of its request.
 *
 * @param attempt what happened
 * @param number of the request in {@code conflicts}
 */
record Numbered(Attempt attempt, int number) {
    static List<Numbered> of(List<Attempt> attempts, Conflicts conflicts) {
        List<Numbered> all = new ArrayList<>(attempts.size());
        attempts.forEach(attempt -> all.add(new Numbered(attempt, conflicts.number(attempt.request()))));
        return all;
    }

    /** Those granted, in the order in which their agents learned of it. */
    static List<Numbered> granted(List<Numbered> all) {
        return all.stream()
                .filter(each -> each.attempt.isGranted())
                .sorted(Comparator.comparingLong(each -> each.attempt.assertedFrom()))
                .toList();
    }
}
