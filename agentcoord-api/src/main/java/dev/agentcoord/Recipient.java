package dev.agentcoord;

import dev.agentcoord.core.Canonical;
import dev.agentcoord.core.Limits;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whom a task is handed to: one agent, or anyone who claims from its queue, perhaps only with certain capabilities. Immutable.
 *
 * @param agent name of the agent; empty for anyone
 * @param capabilities all of which the receiver's session must have; empty for none
 */
public record Recipient(Optional<String> agent, Set<String> capabilities) {
    /** Validates; throws {@link InvalidRequestException} for a bad name or word, {@link LimitExceededException} for too many words. */
    public Recipient {
        agent = agent.map(Canonical::agentName);
        capabilities = Limits.capabilities(capabilities);
    }

    /** The agent of that name, whichever session of it claims first; throws {@link InvalidRequestException} for a bad name. */
    public static Recipient agent(String name) {
        return new Recipient(Optional.of(name), Set.of());
    }

    /** Whoever claims first and has all these capabilities; throws as the constructor. */
    public static Recipient anyone(String... capabilities) {
        return new Recipient(Optional.empty(), new HashSet<>(List.of(capabilities)));
    }
}
