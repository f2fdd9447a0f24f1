package dev.agentcoord.zk;

import dev.agentcoord.SessionInfo;
import dev.agentcoord.core.Limits;
import dev.agentcoord.core.record.Json;
import dev.agentcoord.core.record.SessionCodec;
import dev.agentcoord.zk.Requests.Found;
import dev.agentcoord.zk.Requests.Listing;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.NodeExistsException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;

/**
 * The ephemeral znode of one session, {@code sessions/<sid>}. Its name is the session's id, so a request whose reply was lost is repeated
 * safely: there is one record or none. Immutable.
 */
final class SessionRecord {
    private final String path;
    private final byte[] bytes;

    private SessionRecord(String path, byte[] bytes) {
        this.path = path;
        this.bytes = bytes;
    }

    String path() {
        return path;
    }

    /** Its data, the same whenever it is written again. */
    byte[] bytes() {
        return bytes;
    }

    /**
     * The children of a znode, read after this record was written again: a write that is committed now comes after whatever the session
     * had sent before on a connection that is lost, and no server that lags behind answers it.
     */
    CompletableFuture<Listing> fenced(Requests requests, String parent) {
        CompletableFuture<Stat> fence = fence(requests);
        return requests.children(parent, null).thenCombine(fence, (listing, written) -> listing);
    }

    /** What is read after it on the same connection is as {@link #fenced} says, once this is answered. */
    CompletableFuture<Stat> fence(Requests requests) {
        return requests.write(path, bytes);
    }

    /** The same as a part of a change: its result tells by which transaction, and when, that was done. */
    Op fence() {
        return Op.setData(path, bytes, Requests.ANY_VERSION);
    }

    /** The record of a session that the ensemble keeps for so long when it is silent. */
    static SessionRecord of(String sessions, SessionInfo info, Duration ttl) {
        Map<String, Object> fields = SessionCodec.fields(info);
        fields.put("ttlMillis", ttl.toMillis());
        return new SessionRecord(sessions + "/" + info.id(), Limits.value("a session's record", Json.write(fields)));
    }

    /** What a record says: who, and for how long the ensemble keeps the session when it is silent. */
    record Read(SessionInfo info, Duration ttl) {}

    /** Reads what {@link #of} wrote. */
    static Read read(String path, byte[] bytes, Stat stat) {
        Json.Fields fields = Json.read(path, bytes);
        SessionInfo info = SessionCodec.info(fields);
        if (stat.getEphemeralOwner() == 0 || !path.endsWith("/" + info.id())) {
            throw Json.corrupt(path, "it is not ephemeral or names another session", null);
        }
        return new Read(info, Duration.ofMillis(fields.number("ttlMillis")));
    }

    /** Makes the znode, once however often replies are lost; as it is then. */
    Stat create(Call call, Connection connection, List<ACL> acl) throws KeeperException {
        return Caller.repeatedly(call, attempt -> {
            try {
                return attempt.await(connection.own().create(path, bytes, acl, CreateMode.EPHEMERAL))
                        .stat();
            } catch (NodeExistsException e) {
                return ours(attempt, connection, e);
            }
        });
    }

    /** An own record is recognised by the ZooKeeper session that owns it, never by being there. */
    private Stat ours(Call call, Connection connection, NodeExistsException cause) throws KeeperException {
        Optional<Found> found = call.await(connection.own().data(path, null));
        if (found.isEmpty() || found.get().stat().getEphemeralOwner() != connection.id()) {
            throw cause;
        }
        return found.get().stat();
    }
}
