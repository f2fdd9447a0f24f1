package dev.agentcoord.testkit.memory;

import dev.agentcoord.core.lock.Ticket;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** Whom to tell when a ticket is let in. Thread-safe. */
final class MemoryHints {
    private final Map<Long, Runnable> byPosition = new ConcurrentHashMap<>();

    void put(long position, Runnable hint) {
        byPosition.put(position, hint);
    }

    void remove(long position) {
        byPosition.remove(position);
    }

    /** Tells all of them, those who are let in meanwhile not among them. */
    void give(Collection<Ticket> admitted) {
        List<Runnable> hints = admitted.stream()
                .map(ticket -> byPosition.get(ticket.position()))
                .filter(Objects::nonNull)
                .toList();
        hints.forEach(Runnable::run);
    }
}
