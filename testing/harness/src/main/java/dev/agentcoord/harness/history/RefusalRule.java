package dev.agentcoord.harness.history;

import dev.agentcoord.harness.history.Violation.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Whoever was refused met somebody: a request of another agent that stood in the way at some moment of the call. */
final class RefusalRule {
    private final Conflicts conflicts;
    private final LockPromise promise;

    RefusalRule(Conflicts conflicts, LockPromise promise) {
        this.conflicts = conflicts;
        this.promise = promise;
    }

    List<Violation> check(List<Numbered> all) {
        List<Numbered> asked = sorted(
                all, Comparator.comparingLong(each -> each.attempt().acquire().invoked()));
        List<Numbered> refused = sorted(
                all.stream().filter(RefusalRule::isRefused).toList(),
                Comparator.comparingLong(each -> each.attempt().acquire().completed()));
        List<Violation> found = new ArrayList<>();
        Lasting lasting = new Lasting();
        int next = 0;
        for (Numbered each : refused) {
            long end = each.attempt().acquire().completed();
            while (next < asked.size() && asked.get(next).attempt().acquire().invoked() < end) {
                lasting.add(asked.get(next++));
            }
            if (!lasting.explains(each)) {
                found.add(
                        new Violation(Kind.REFUSED_WITHOUT_CAUSE, each.attempt().toString()));
            }
        }
        return found;
    }

    private static boolean isRefused(Numbered each) {
        return each.attempt().acquire().outcome() == Call.Outcome.REFUSED;
    }

    private static List<Numbered> sorted(List<Numbered> list, Comparator<Numbered> order) {
        return list.stream().sorted(order).toList();
    }

    /** Of each request, the two attempts of different agents that stood in the way longest. */
    private final class Lasting {
        private final List<List<Attempt>> longest = new ArrayList<>();

        Lasting() {
            for (int i = 0; i < conflicts.size(); i++) {
                longest.add(new ArrayList<>(3));
            }
        }

        void add(Numbered each) {
            List<Attempt> row = longest.get(each.number());
            Attempt added = each.attempt();
            row.removeIf(old -> !old.isOfAnotherThan(added) && old.goneBy(promise) <= added.goneBy(promise));
            if (row.stream().allMatch(added::isOfAnotherThan)) {
                row.add(added);
            }
            row.sort(Comparator.comparingLong((Attempt attempt) -> attempt.goneBy(promise))
                    .reversed());
            if (row.size() > 2) {
                row.remove(2);
            }
        }

        boolean explains(Numbered refused) {
            for (int number = 0; number < longest.size(); number++) {
                for (Attempt other : longest.get(number)) {
                    if (other.isOfAnotherThan(refused.attempt())
                            && other.goneBy(promise)
                                    >= refused.attempt().acquire().invoked()
                            && mayBlock(number, other, refused)) {
                        return true;
                    }
                }
            }
            return false;
        }

        private boolean mayBlock(int number, Attempt other, Numbered refused) {
            return conflicts.conflict(number, refused.number())
                    || Conflicts.sharePool(other.request(), refused.attempt().request());
        }
    }
}
