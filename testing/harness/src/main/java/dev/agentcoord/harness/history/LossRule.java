package dev.agentcoord.harness.history;

import dev.agentcoord.FencingToken;
import dev.agentcoord.harness.history.Violation.Kind;
import java.util.List;
import java.util.Set;

/** A living agent keeps what it was granted until it gives it up, unless it was stolen or the session was lost. */
final class LossRule {
    List<Violation> check(List<Attempt> attempts, Set<Long> stolen) {
        return attempts.stream()
                .filter(Attempt::isLost)
                .filter(attempt -> !attempt.life().isUncertain() && !isStolen(attempt, stolen))
                .map(attempt -> new Violation(Kind.GRANT_LOST, attempt.toString()))
                .toList();
    }

    /** Whoever lost it before it was granted never learned its position. */
    private static boolean isStolen(Attempt attempt, Set<Long> stolen) {
        FencingToken token = attempt.token();
        return token == null ? !stolen.isEmpty() : stolen.contains(token.position());
    }
}
