package dev.agentcoord.core.queue;

import dev.agentcoord.NewTask;
import dev.agentcoord.Participant;
import dev.agentcoord.Recipient;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who may claim a task: anyone, or the agent it is for, or whoever has the capabilities it requires. Tasks of one route
 * are told apart by nothing else, so a backend keeps each route in a line of its own.
 *
 * @param target the agent's name; empty for any
 * @param capabilities all of which a claimer needs
 */
public record Route(String target, Set<String> capabilities) {
    /** For whoever comes. */
    public static final Route ANYONE = new Route("", Set.of());

    /** Copies. */
    public Route {
        capabilities = Set.copyOf(capabilities);
    }

    /** The route of a task. */
    public static Route of(NewTask task) {
        return new Route(task.target().orElse(""), task.capabilities());
    }

    /** The same for callers. */
    public Recipient recipient() {
        return new Recipient(target.isEmpty() ? Optional.empty() : Optional.of(target), capabilities);
    }

    /** Whether that participant may claim what is on it. */
    public boolean admits(Participant who) {
        return (target.isEmpty() || target.equals(who.agent()))
                && who.capabilities().containsAll(capabilities);
    }

    /** Whether it admits everybody. */
    public boolean isForAnyone() {
        return target.isEmpty() && capabilities.isEmpty();
    }

    /** The same for equal routes, and for no others. */
    public String text() {
        return target + ":" + String.join(",", new TreeSet<>(capabilities));
    }
}
