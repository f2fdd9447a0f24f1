package dev.agentcoord.zk;

import dev.agentcoord.LossCause;
import dev.agentcoord.SessionStatus;
import dev.agentcoord.TicketId;
import dev.agentcoord.spi.StoreEvents;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a session was told, in order. */
class Events implements StoreEvents {
    private final List<SessionStatus> told = new CopyOnWriteArrayList<>();

    List<SessionStatus> told() {
        return told;
    }

    @Override
    public void status(SessionStatus status) {
        told.add(status);
    }

    @Override
    public void lost(TicketId ticket, LossCause cause) {
        throw new AssertionError("a session without locks lost " + ticket);
    }
}
