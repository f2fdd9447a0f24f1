package dev.agentcoord.runner.cli;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Session;
import dev.agentcoord.runner.Refusal;
import dev.agentcoord.runner.session.AgentRun;
import dev.agentcoord.runner.store.Place;
import dev.agentcoord.runner.store.PlaceOptions;
import dev.agentcoord.runner.store.StoreUri;
import java.util.Optional;

/** The membership of a command that an agent sent to its runner: the agent's own session, which outlives the command. */
record InsideMembership(AgentRun agent) implements Membership {
    /** The agent's session, for any directory. Throws {@link Refusal} when the options name another place. */
    static Membership of(AgentRun agent, PlaceOptions options) {
        Place own = agent.place();
        boolean elsewhere = options.store()
                        .map(StoreUri::parse)
                        .filter(s -> !s.isSameAs(own.store()))
                        .isPresent()
                || options.project().filter(p -> !p.equals(own.space())).isPresent();
        if (elsewhere) {
            throw Refusal.usage(
                    "this session coordinates in " + own.store() + ", project " + own.space(),
                    "leave --store and --project out");
        }
        return new InsideMembership(agent);
    }

    @Override
    public Place place() {
        return agent.place();
    }

    @Override
    public Coordinator coordinator() {
        return agent.coordinator();
    }

    @Override
    public Session session() {
        return agent.session();
    }

    @Override
    public Optional<AgentRun> run() {
        return Optional.of(agent);
    }

    @Override
    public void close() {
        // The session lives as long as the agent.
    }
}
