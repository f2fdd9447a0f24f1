package dev.agentcoord.zk;

import dev.agentcoord.OutcomeUnknownException;
import dev.agentcoord.SessionInfo;
import dev.agentcoord.core.Limits;
import dev.agentcoord.core.record.Json;
import dev.agentcoord.core.record.SessionCodec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.AsyncCallback.StatCallback;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.ConnectionLossException;
import org.apache.zookeeper.KeeperException.NoNodeException;
import org.apache.zookeeper.KeeperException.NodeExistsException;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;

/**
 * The ephemeral znode of one session, {@code sessions/<sid>}. Its name is the session's id, so a request whose reply was lost is repeated
 * safely: there is one record or none. Used on the session's own thread.
 */
final class SessionRecord {
    private static final int ANY_VERSION = -1;

    private final Connection connection;
    private final String path;
    private final byte[] bytes;

    SessionRecord(Connection connection, String sessions, SessionInfo info) {
        this.connection = connection;
        this.path = sessions + "/" + info.id();
        this.bytes = bytes(info, connection.sessionTimeout());
    }

    String path() {
        return path;
    }

    /** Makes the record, once however often replies are lost, for as long as the thread is not interrupted. */
    void create(List<ACL> acl) throws Exception {
        while (true) {
            try {
                connection.handle().create(path, bytes, acl, CreateMode.EPHEMERAL);
                return;
            } catch (NodeExistsException e) {
                ensureOurs(e);
                return;
            } catch (ConnectionLossException e) {
                awaitConnected();
            }
        }
    }

    /** Deletes the record, however often replies are lost, for as long as the thread is not interrupted. */
    void delete() throws Exception {
        while (true) {
            try {
                connection.handle().delete(path, ANY_VERSION);
                return;
            } catch (NoNodeException e) {
                return;
            } catch (ConnectionLossException e) {
                awaitConnected();
            }
        }
    }

    /** Writes the record again, which raises its version, and says later how that went; never throws. */
    void touch(StatCallback outcome) {
        connection.handle().setData(path, bytes, ANY_VERSION, outcome, null);
    }

    /** Reads what {@link #bytes} wrote. */
    static SessionInfo read(String path, byte[] bytes, Stat stat) {
        SessionInfo info = SessionCodec.info(Json.read(path, bytes));
        if (stat.getEphemeralOwner() == 0 || !path.endsWith("/" + info.id())) {
            throw Json.corrupt(path, "it is not ephemeral or names another session", null);
        }
        return info;
    }

    private static byte[] bytes(SessionInfo info, Duration ttl) {
        Map<String, Object> fields = SessionCodec.fields(info);
        fields.put("ttlMillis", ttl.toMillis());
        return Limits.value("a session's record", Json.write(fields));
    }

    /** An own record is recognised by the ZooKeeper session that owns it, never by being there. */
    private void ensureOurs(NodeExistsException cause) throws Exception {
        Stat stat = connection.handle().exists(path, false);
        if (stat == null || stat.getEphemeralOwner() != connection.handle().getSessionId()) {
            throw new OutcomeUnknownException(path, path + " is another's or was just removed; join again", cause);
        }
    }

    private void awaitConnected() throws InterruptedException {
        connection.client().blockUntilConnected((int) ZkOptions.DEFAULT_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    }
}
