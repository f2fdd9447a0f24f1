package dev.agentcoord.zk;

import dev.agentcoord.SessionId;
import dev.agentcoord.TicketId;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.zk.Requests.Found;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.NodeExistsException;

/**
 * Takes the locks of a claimed task from its claimer before somebody else cancels the task, as {@link Thefts} does with those of a session:
 * a note for each, which the claimer removes when it asserts that lock no more; at the latest one ttl later it cannot. Not thread-safe.
 */
final class Recall {
    private static final byte[] NONE = {};

    private final ZkStoreSession session;
    private final Requests requests;
    private final Owner task;
    private final Set<TicketId> recalled = new HashSet<>();
    private final List<TicketId> asserted = new ArrayList<>();
    private SessionId claimer;

    Recall(ZkStoreSession session, Owner task) {
        this.session = session;
        this.requests = session.connection().own();
        this.task = task;
        this.claimer = session.info().id();
    }

    /** Whether the claimer of the task, unless it is this session, may still assert a lock of it; remembers which. */
    boolean isNeeded(Call call, TaskNode claimed) throws KeeperException {
        asserted.clear();
        claimer = new SessionId(claimed.claimer);
        if (claimer.equals(session.info().id())) {
            session.tickets().leave(task, claimed.delivery);
            return false;
        }
        for (OwnTicket ticket : session.tickets().inherited(call, task, claimed.delivery)) {
            if (!recalled.contains(ticket.ticket().id())) {
                asserted.add(ticket.ticket().id());
            }
        }
        return !asserted.isEmpty();
    }

    /** Returns when the claimer asserts none of them any more. */
    void run() {
        List<String> notes = new ArrayList<>();
        try {
            Duration longest = session.caller().repeatedly("recall the locks of task " + task, this::timeToLive);
            for (TicketId ticket : asserted) {
                String note = session.notes().path(claimer, ticket, Notes.Kind.RECALLED);
                notes.add(note);
                session.caller().repeatedly("recall " + ticket, call -> leave(call, note));
            }
            session.thefts().awaitGone(notes, longest);
            recalled.addAll(asserted);
        } finally {
            notes.forEach(session.removals()::remove);
        }
    }

    /** How long the claimer may believe in its locks without hearing anything; nothing where it has ended. */
    private Duration timeToLive(Call call) throws KeeperException {
        String record = session.space().node().sessions() + "/" + claimer;
        Optional<Found> found = call.await(requests.data(record, null));
        return found.isEmpty()
                ? Duration.ZERO
                : SessionRecord.read(record, found.get().bytes(), found.get().stat())
                        .ttl();
    }

    private boolean leave(Call call, String note) throws KeeperException {
        try {
            call.await(requests.create(note, NONE, session.acl(), CreateMode.EPHEMERAL));
            return true;
        } catch (NodeExistsException e) {
            return false; // Its own: the answer to the first try was lost.
        }
    }
}
