package dev.agentcoord.runner.cli;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Session;
import dev.agentcoord.runner.session.AgentRun;
import dev.agentcoord.runner.store.Place;
import java.util.Optional;

/** A caller's standing in a space: inside an agent's session that session itself, elsewhere one that ends with the command. */
interface Membership extends AutoCloseable {
    /** Where it is. */
    Place place();

    /** The space's coordinator. */
    Coordinator coordinator();

    /** The session in whose name the command acts. */
    Session session();

    /** The agent's run when the command came from inside a session. */
    Optional<AgentRun> run();

    @Override
    void close();
}
