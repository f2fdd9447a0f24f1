package dev.agentcoord.harness.history;

import dev.agentcoord.Pool;
import dev.agentcoord.harness.history.Violation.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Never more permits are held than a pool has, however many agents share them. */
final class PoolRule {
    List<Violation> check(List<Numbered> granted) {
        List<Violation> found = new ArrayList<>();
        List<Attempt> active = new ArrayList<>();
        for (Numbered next : granted) {
            Attempt attempt = next.attempt();
            if (!attempt.request().permits().isEmpty() && attempt.isAsserted()) {
                active.removeIf(held -> held.assertedUntil() <= attempt.assertedFrom());
                active.add(attempt);
                attempt.request().permits().keySet().forEach(pool -> check(pool, attempt, active, found));
            }
        }
        return found;
    }

    private static void check(Pool pool, Attempt latest, List<Attempt> active, List<Violation> found) {
        int held = active.stream()
                .map(Attempt::request)
                .map(request -> request.permits())
                .mapToInt((Map<Pool, Integer> permits) -> permits.getOrDefault(pool, 0))
                .sum();
        if (held > pool.capacity()) {
            found.add(new Violation(Kind.POOL_EXCEEDED, held + " permits of " + pool + " at the grant of " + latest));
        }
    }
}
