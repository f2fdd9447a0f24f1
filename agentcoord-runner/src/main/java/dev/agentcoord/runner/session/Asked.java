package dev.agentcoord.runner.session;

import dev.agentcoord.Intervention;
import dev.agentcoord.TicketId;
import dev.agentcoord.core.Limits;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Who asked the session to release what, earliest first, and who of them the agent has not heard of. Only the latest are kept, so that
 * nobody fills it. Thread-safe, and never waits for the store: the session's calls wait for those who listen to it.
 */
final class Asked {
    private final List<Intervention> open = new ArrayList<>();
    private final Set<Intervention> untold = new HashSet<>();

    /** Adds a question, in place of an earlier one of the same session for the same ticket. */
    synchronized void add(Intervention question) {
        remove(open.stream()
                .filter(earlier ->
                        earlier.by().equals(question.by()) && earlier.ticket().equals(question.ticket()))
                .toList());
        open.add(question);
        untold.add(question);
        remove(List.copyOf(open.subList(0, Math.max(0, open.size() - Limits.RELEASE_REQUESTS))));
    }

    /** All that stand. */
    synchronized List<Intervention> open() {
        return List.copyOf(open);
    }

    /** Those the agent has not heard of. */
    synchronized List<Intervention> untold() {
        return open.stream().filter(untold::contains).toList();
    }

    /** Keeps in mind that the agent has heard of them. */
    synchronized void told(Collection<Intervention> heard) {
        untold.removeAll(Set.copyOf(heard));
    }

    /** Removes those for tickets that the session has no more. */
    synchronized void removeFor(Collection<TicketId> gone) {
        remove(open.stream()
                .filter(question -> gone.contains(question.ticket()))
                .toList());
    }

    private void remove(List<Intervention> gone) {
        open.removeAll(gone);
        gone.forEach(untold::remove);
    }
}
