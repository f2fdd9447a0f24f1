package dev.agentcoord.zk;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.Intervention;
import dev.agentcoord.LimitExceededException;
import dev.agentcoord.SessionId;
import dev.agentcoord.TicketId;
import dev.agentcoord.core.Limits;
import dev.agentcoord.core.record.InterventionCodec;
import dev.agentcoord.core.record.Json;
import dev.agentcoord.zk.Requests.Listing;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.NoNodeException;
import org.apache.zookeeper.KeeperException.NodeExistsException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;

/**
 * What others want of a session: {@code notes/<session>~<position>~<kind>~<by>}. Each session watches the one list, which is almost always
 * empty, and reads it with every heartbeat. Thread-safe.
 */
final class Notes implements Watcher {
    private static final String FIELD = "~";

    private final ZkStoreSession session;
    private final Requests requests;
    private final String parent;

    Notes(ZkStoreSession session) {
        this.session = session;
        this.requests = session.connection().own();
        this.parent = session.space().node().notes();
    }

    /** What a note is about. */
    enum Kind {
        /** A question, which stays until it is heard. */
        ASKED("a"),
        /** A theft, which goes with its thief. */
        STOLEN("s"),
        /** A lock of a task that is about to be cancelled; goes with who cancels it, or when its claimer asserts the lock no more. */
        RECALLED("r");

        private final String letter;

        Kind(String letter) {
            this.letter = letter;
        }
    }

    /** Where this session notes what it wants of another. */
    String path(SessionId of, TicketId ticket, Kind kind) {
        return parent + "/" + of + FIELD + ticket.position() + FIELD + kind.letter + FIELD
                + session.info().id();
    }

    /** The list as of when it is answered; a change after that is told. */
    CompletableFuture<Listing> list() {
        return requests.children(parent, this);
    }

    @Override
    public void process(WatchedEvent event) {
        if (event.getType() != Event.EventType.None) {
            // Also sets the watch anew.
            var unused =
                    list().thenAccept(listing -> session.connection().worker().execute(() -> hear(listing.names())));
        }
    }

    /** Takes to heart what is meant for this session; on the session's own thread. */
    void hear(List<String> names) {
        String me = session.info().id() + FIELD;
        for (String name : names) {
            String[] fields = name.split(FIELD, -1);
            if (name.startsWith(me) && fields.length == 4) {
                hear(parent + "/" + name, fields[1], fields[2]);
            }
        }
    }

    private void hear(String path, String position, String kind) {
        if (kind.equals(Kind.STOLEN.letter)) {
            session.thefts().suffer(Long.parseLong(position), path);
        } else if (kind.equals(Kind.RECALLED.letter)) {
            session.tickets().own().recalled(Long.parseLong(position));
            session.removals().remove(path);
        } else {
            var unused =
                    requests.data(path, null).thenAccept(found -> found.ifPresent(note -> heard(path, note.bytes())));
        }
    }

    private void heard(String path, byte[] note) {
        session.removals().remove(path);
        try {
            Intervention question = InterventionCodec.read(Json.read(path, note));
            if (session.tickets().own().has(question.ticket())) {
                session.tellAsked(question);
            }
        } catch (CoordinationException e) {
            return; // Not one of ours; it is removed and decides nothing.
        }
    }

    /** Leaves a question; one asked before and not heard yet is replaced. */
    void ask(TicketId id, String reason) {
        session.caller().repeatedly("ask for " + id, call -> {
            Thefts.Target target = Thefts.Target.find(call, session, id);
            byte[] question = Json.write(
                    InterventionCodec.fields(target.by(session, Intervention.Kind.RELEASE_REQUESTED, reason)));
            String path = path(target.owner(), id, Kind.ASKED);
            makeRoom(call, target.owner(), path);
            publish(call, path, question);
            if (call.await(requests.data(target.path(), null)).isEmpty()) {
                // Released meanwhile: its holder may have ended too, and would never take the question away.
                session.removals().remove(path);
                throw Thefts.Target.notHeld(id);
            }
            return true;
        });
    }

    private void publish(Call call, String path, byte[] question) throws KeeperException {
        try {
            call.await(requests.create(path, question, session.acl(), CreateMode.PERSISTENT));
        } catch (NodeExistsException e) {
            replace(call, path, question);
        }
    }

    private void replace(Call call, String path, byte[] question) throws KeeperException {
        try {
            call.await(requests.write(path, question));
        } catch (NoNodeException e) {
            // Its holder has just heard the one before, which asks for the same.
            return;
        }
    }

    /** Removes the questions to sessions that have ended, and refuses one more where enough stand before a session. */
    private void makeRoom(Call call, SessionId holder, String path) throws KeeperException {
        CompletableFuture<Listing> notes = requests.children(parent, null);
        CompletableFuture<Listing> sessions =
                requests.children(session.space().node().sessions(), null);
        List<String> names = call.await(notes).names();
        Set<String> live = new HashSet<>(call.await(sessions).names());
        int standing = 0;
        for (String name : names) {
            if (!live.contains(name.substring(0, Math.max(0, name.indexOf(FIELD))))) {
                session.removals().remove(parent + "/" + name);
            } else if (name.startsWith(holder + FIELD) && !path.endsWith("/" + name)) {
                standing++;
            }
        }
        if (standing >= Limits.RELEASE_REQUESTS) {
            throw new LimitExceededException(
                    path, standing + " questions stand before its holder; wait until it hears them");
        }
    }

    /** The note of a theft of an own ticket. */
    Optional<String> ofTheft(Call call, long position) throws KeeperException {
        String prefix = session.info().id() + FIELD + position + FIELD + Kind.STOLEN.letter + FIELD;
        return call.await(requests.children(parent, null)).names().stream()
                .filter(name -> name.startsWith(prefix))
                .map(name -> parent + "/" + name)
                .findFirst();
    }
}
