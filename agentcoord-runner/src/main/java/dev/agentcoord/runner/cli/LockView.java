package dev.agentcoord.runner.cli;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Liveness;
import dev.agentcoord.LockInfo;
import dev.agentcoord.SessionId;
import dev.agentcoord.SessionView;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A live ticket, and what can be proven of its owner: whether it pays to wait for it.
 *
 * @param lock the ticket
 * @param owner liveness of the session it belongs to
 */
record LockView(LockInfo lock, Liveness owner) {
    /** Where nobody was asked whether its owner lives, that is not doubted. */
    static LockView unasked(LockInfo lock) {
        return new LockView(lock, Liveness.ALIVE);
    }

    /** Asks who lives only where there is somebody to ask about. Who has ended since is nobody to be warned of. */
    static List<LockView> of(Coordinator coordinator, List<LockInfo> locks) {
        if (locks.isEmpty()) {
            return List.of();
        }
        Map<SessionId, Liveness> known = coordinator.sessions().stream()
                .collect(Collectors.toMap(view -> view.info().id(), SessionView::liveness));
        return locks.stream()
                .map(lock -> new LockView(lock, known.getOrDefault(lock.owner().id(), Liveness.ALIVE)))
                .toList();
    }
}
