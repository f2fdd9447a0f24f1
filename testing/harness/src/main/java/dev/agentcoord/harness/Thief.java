package dev.agentcoord.harness;

import dev.agentcoord.Coordinator;
import dev.agentcoord.LockInfo;
import dev.agentcoord.NotHeldException;
import dev.agentcoord.OutcomeUnknownException;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.SessionLostException;
import dev.agentcoord.SessionStatus;
import dev.agentcoord.StoreUnavailableException;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Steals locks, and remembers which. Not thread-safe. */
final class Thief implements AutoCloseable {
    private final Coordinator coordinator;
    private @Nullable Session session;
    private final Set<Long> stolen = new HashSet<>();

    Thief(Coordinator coordinator) {
        this.coordinator = coordinator;
    }

    /** Steals one that is held; false where none was, or its holder was faster. */
    boolean steal(Random random) {
        try {
            List<LockInfo> held =
                    coordinator.locks().stream().filter(LockInfo::granted).toList();
            return !held.isEmpty() && steal(held.get(random.nextInt(held.size())));
        } catch (StoreUnavailableException | OutcomeUnknownException | SessionLostException e) {
            // Whoever is stopped inside holds up everybody, and servers fail. What was begun stays noted as stolen: it
            // may have been.
            return false;
        }
    }

    private boolean steal(LockInfo victim) {
        long position = victim.id().position();
        stolen.add(position);
        try {
            joined().locks().steal(victim.id(), "simulated theft");
            return true;
        } catch (NotHeldException e) {
            stolen.remove(position);
            return false;
        }
    }

    private Session joined() {
        if (session == null || session.status() == SessionStatus.LOST) {
            session = coordinator.join(Participant.named("thief"));
        }
        return session;
    }

    /** Positions of the stolen tickets. */
    Set<Long> stolen() {
        return stolen;
    }

    @Override
    public void close() {
        if (session != null) {
            session.close();
        }
    }
}
