package dev.agentcoord.testkit.memory;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.LockRequest.exclusive;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.testkit.FakeTime;
import org.junit.jupiter.api.AfterEach;

/** Two sessions in a {@link FragileSpace} whose time stands still unless a test moves it, for each test anew. */
abstract class TwoInFragileSpace {
    final FakeTime time = new FakeTime();
    final FragileSpace space = new FragileSpace(time);
    final Coordinator coordinator = MemoryCoordinator.over(space, time);
    final Session alice = coordinator.join(Participant.named("alice"));
    final Session bob = coordinator.join(Participant.named("bob"));

    @AfterEach
    void close() {
        coordinator.close();
    }

    static Grant hold(Session session, String path) {
        return session.locks().tryAcquire(exclusive(file(path))).orElseThrow();
    }
}
