package dev.agentcoord.fs;

import dev.agentcoord.Intervention;
import dev.agentcoord.LossCause;
import dev.agentcoord.SessionStatus;
import dev.agentcoord.TicketId;
import dev.agentcoord.spi.StoreEvents;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what it was told. */
final class Heard implements StoreEvents {
    final List<String> events = new CopyOnWriteArrayList<>();

    @Override
    public void status(SessionStatus status) {
        events.add(status.name());
    }

    @Override
    public void lost(TicketId ticket, LossCause cause) {
        events.add(ticket + " " + cause);
    }

    @Override
    public void releaseRequested(Intervention request) {
        events.add(request.ticket() + " " + request);
    }
}
