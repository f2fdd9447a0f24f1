package dev.agentcoord.testkit.memory;

import dev.agentcoord.Intervention;
import dev.agentcoord.TicketId;
import dev.agentcoord.core.Limits;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The latest thefts of a space. Not thread-safe. */
final class MemoryThefts {
    private final Deque<Intervention> latestFirst = new ArrayDeque<>();

    void add(Intervention theft) {
        latestFirst.addFirst(theft);
        if (latestFirst.size() > Limits.THEFTS) {
            latestFirst.removeLast();
        }
    }

    List<Intervention> latest(int limit) {
        return latestFirst.stream().limit(limit).toList();
    }

    @Nullable Intervention of(TicketId ticket) {
        return latestFirst.stream()
                .filter(theft -> theft.ticket().equals(ticket))
                .findFirst()
                .orElse(null);
    }
}
