package dev.agentcoord;

import dev.agentcoord.core.Canonical;
import dev.agentcoord.core.Limits;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a joining agent says of itself; host, user and boot are read from the system, never taken from here. Immutable; each method
 * returns a changed copy.
 *
 * @param agent name of 1 to 48 characters of {@code [a-z0-9-]}
 * @param role free word such as {@code agent}, {@code lead}; empty when unsaid
 * @param tmuxTarget where a person finds it; empty when it has no terminal
 * @param capabilities words tasks may require
 * @param labels free key and value pairs for people
 * @param processes further processes whose life keeps the session alive, beside the calling one
 */
public record Participant(
        String agent,
        String role,
        String tmuxTarget,
        Set<String> capabilities,
        Map<String, String> labels,
        List<ProcessId> processes) {
    /** Validates and copies; throws {@link InvalidRequestException} for a bad name, {@link LimitExceededException} for too much. */
    public Participant {
        agent = Canonical.agentName(agent);
        capabilities = Limits.capabilities(capabilities);
        labels = Map.copyOf(labels);
        processes = List.copyOf(processes);
        Limits.description(role, tmuxTarget, labels);
        Limits.processes(processes.size());
    }

    /** A participant known only by its agent name. */
    public static Participant named(String agent) {
        return new Participant(agent, "", "", Set.of(), Map.of(), List.of());
    }

    /** With a role. */
    public Participant role(String word) {
        return new Participant(agent, word, tmuxTarget, capabilities, labels, processes);
    }

    /** With the tmux target of its terminal. */
    public Participant tmuxTarget(String target) {
        return new Participant(agent, role, target, capabilities, labels, processes);
    }

    /** With capabilities that tasks may require. */
    public Participant capabilities(Set<String> words) {
        return new Participant(agent, role, tmuxTarget, words, labels, processes);
    }

    /** With free labels for people. */
    public Participant labels(Map<String, String> pairs) {
        return new Participant(agent, role, tmuxTarget, capabilities, pairs, processes);
    }

    /** With further processes: the session is dead only when the calling process and all of these are. */
    public Participant processes(List<ProcessId> more) {
        return new Participant(agent, role, tmuxTarget, capabilities, labels, more);
    }
}
