package dev.agentcoord;

import dev.agentcoord.core.Canonical;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whom a task is handed to: one agent, or anyone who claims from its queue, perhaps only with certain capabilities. Immutable.
 *
 * @param agent name of the agent; empty for anyone
 * @param capabilities all of which the receiver's session must have; empty for none
 */
public record Recipient(Optional<String> agent, Set<String> capabilities) {
    /** Validates the name; throws {@link InvalidRequestException}. */
    public Recipient {
        agent = agent.map(Canonical::agentName);
        capabilities = Set.copyOf(new TreeSet<>(capabilities));
    }

    /** The agent of that name, whichever session of it claims first; throws {@link InvalidRequestException} for a bad name. */
    public static Recipient agent(String name) {
        return new Recipient(Optional.of(name), Set.of());
    }

    /** Whoever claims first and has all these capabilities. */
    public static Recipient anyone(String... capabilities) {
        return new Recipient(Optional.empty(), Set.of(capabilities));
    }
}
