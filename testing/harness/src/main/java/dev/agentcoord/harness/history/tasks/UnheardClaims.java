package dev.agentcoord.harness.history.tasks;

import dev.agentcoord.harness.history.Call;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The claims whose answer nobody heard: each may explain one delivery that nobody told of. Which explains which is changed as long as all
 * that were asked about stay explained. Not thread-safe.
 */
final class UnheardClaims {
    private final List<FruitlessClaim> all;
    private final Map<Integer, Gap> explained = new HashMap<>();

    UnheardClaims(List<FruitlessClaim> fruitless) {
        all = fruitless.stream()
                .filter(each -> each.call().outcome() != Call.Outcome.REFUSED)
                .toList();
    }

    /** A delivery from a queue that was made between two moments. */
    private record Gap(String queue, long from, long to) {
        boolean mayBe(FruitlessClaim claim) {
            return claim.queue().equals(queue) && claim.call().invoked() < to && latestEffect(claim) > from;
        }
    }

    /** Whether so many deliveries from a queue between two moments are explained, beside all that were asked about before. */
    boolean explain(String queue, long from, long to, int deliveries) {
        for (int i = 0; i < deliveries; i++) {
            if (!assign(new Gap(queue, from, to), new HashSet<>())) {
                return false;
            }
        }
        return true;
    }

    /** Takes one that explains another where that finds a new one. */
    private boolean assign(Gap gap, Set<Integer> seen) {
        for (int i = 0; i < all.size(); i++) {
            if (gap.mayBe(all.get(i)) && seen.add(i)) {
                Gap other = explained.get(i);
                if (other == null || assign(other, seen)) {
                    explained.put(i, gap);
                    return true;
                }
            }
        }
        return false;
    }

    /** How many of a queue failed while their sessions lived on, which give back what they may have got. */
    int mayBeGivenBack(String queue) {
        return (int) all.stream()
                .filter(each -> each.queue().equals(queue))
                .filter(each -> !each.call().isSettled() && each.call().completed() != Call.NEVER)
                .count();
    }

    /** When one of a queue may first have got, and later given back, a task that was ready from a moment on; never where none may. */
    long firstAfter(String queue, long from) {
        return all.stream()
                .filter(each -> each.queue().equals(queue) && latestEffect(each) > from)
                .mapToLong(each -> Math.max(from, each.call().invoked()))
                .min()
                .orElse(Call.NEVER);
    }

    /** Servers may still do what was sent before its sender gave up, or was gone. */
    private static long latestEffect(FruitlessClaim claim) {
        long answered = claim.call().isSettled() ? claim.call().completed() : Call.NEVER;
        return claim.life().isUncertain()
                ? Call.NEVER
                : Math.min(answered, claim.life().deadSince());
    }
}
