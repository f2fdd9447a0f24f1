package dev.agentcoord.runner.cli;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.runner.session.AgentRun;
import dev.agentcoord.runner.store.Place;
import dev.agentcoord.runner.store.Stores;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The membership of a command outside any agent's session: opened and joined on first use, left when the command ends. */
final class OutsideMembership implements Membership {
    private final Place place;
    private final Map<String, String> environment;
    private @Nullable Coordinator coordinator;
    private @Nullable Session session;

    OutsideMembership(Place place, Map<String, String> environment) {
        this.place = place;
        this.environment = environment;
    }

    @Override
    public Place place() {
        return place;
    }

    @Override
    public Coordinator coordinator() {
        if (coordinator == null) {
            coordinator = Stores.open(place, environment);
        }
        return coordinator;
    }

    @Override
    public Session session() {
        if (session == null) {
            session = coordinator()
                    .join(Participant.named("shell-" + ProcessHandle.current().pid()));
        }
        return session;
    }

    @Override
    public Optional<AgentRun> run() {
        return Optional.empty();
    }

    @Override
    public void close() {
        if (coordinator != null) {
            coordinator.close();
        }
    }
}
