package dev.agentcoord.harness.history;

import dev.agentcoord.FencingToken;
import dev.agentcoord.harness.history.Violation.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tokens of conflicting grants increase in the order granted. Since a token holds the position of its request, this is also first
 * come first served: a smaller token granted later was overtaken when it may have waited by then, else the tokens went back.
 */
final class OrderRule {
    private final Conflicts conflicts;

    OrderRule(Conflicts conflicts) {
        this.conflicts = conflicts;
    }

    List<Violation> check(List<Numbered> granted) {
        List<Violation> found = new ArrayList<>();
        Map<FencingToken, Attempt> seen = new HashMap<>();
        @Nullable Attempt[] greatest = new Attempt[conflicts.size()];
        for (Numbered next : granted) {
            Attempt other = seen.putIfAbsent(token(next.attempt()), next.attempt());
            if (other != null) {
                found.add(Violation.of(Kind.TOKEN_REPEATED, other, next.attempt()));
            } else if (!next.attempt().isLost()) {
                compare(next, greatest, found);
                raise(next, greatest);
            }
        }
        return found;
    }

    private void compare(Numbered next, @Nullable Attempt[] greatest, List<Violation> found) {
        for (int number = 0; number < greatest.length; number++) {
            Attempt earlier = greatest[number];
            if (earlier != null
                    && token(earlier).compareTo(token(next.attempt())) > 0
                    && conflicts.conflict(number, next.number())) {
                found.add(violation(earlier, next.attempt()));
            }
        }
    }

    private static void raise(Numbered next, @Nullable Attempt[] greatest) {
        Attempt before = greatest[next.number()];
        if (before == null || token(before).compareTo(token(next.attempt())) < 0) {
            greatest[next.number()] = next.attempt();
        }
    }

    private static Violation violation(Attempt earlier, Attempt later) {
        boolean together = later.acquire().invoked() < earlier.acquire().completed();
        return Violation.of(together ? Kind.OVERTAKEN : Kind.TOKEN_BACK, earlier, later);
    }

    private static FencingToken token(Attempt attempt) {
        return Objects.requireNonNull(attempt.token());
    }
}
