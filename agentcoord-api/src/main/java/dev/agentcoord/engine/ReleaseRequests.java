package dev.agentcoord.engine;

import dev.agentcoord.Intervention;
import dev.agentcoord.SessionId;
import dev.agentcoord.Subscription;
import dev.agentcoord.TicketId;
import dev.agentcoord.core.Limits;
import dev.agentcoord.core.TimeSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Tells the listeners of one session who asks for its locks, so seldom that nobody can flood them. Thread-safe. */
final class ReleaseRequests {
    private static final long AGAIN = Duration.ofMinutes(1).toNanos();

    private final TimeSource time;
    private final Dispatcher dispatcher;
    private final List<Consumer<Intervention>> listeners = new CopyOnWriteArrayList<>();
    private final Map<Question, Long> told = new HashMap<>();

    /** Who asks for what. */
    private record Question(SessionId by, TicketId ticket) {}

    ReleaseRequests(TimeSource time, Dispatcher dispatcher) {
        this.time = time;
        this.dispatcher = dispatcher;
    }

    Subscription listen(Consumer<Intervention> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    synchronized void tell(Intervention request) {
        long now = time.nanos();
        told.values().removeIf(at -> now - at >= AGAIN);
        if (told.size() < Limits.RELEASE_REQUESTS
                && told.putIfAbsent(new Question(request.by(), request.ticket()), now) == null) {
            listeners.forEach(listener -> dispatcher.dispatch(() -> listener.accept(request)));
        }
    }
}
