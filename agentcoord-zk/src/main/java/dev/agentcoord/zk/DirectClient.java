package dev.agentcoord.zk;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import org.apache.curator.utils.ZookeeperFactory;
import org.apache.jute.Record;
import org.apache.zookeeper.AsyncCallback.Children2Callback;
import org.apache.zookeeper.AsyncCallback.Create2Callback;
import org.apache.zookeeper.AsyncCallback.DataCallback;
import org.apache.zookeeper.AsyncCallback.MultiCallback;
import org.apache.zookeeper.AsyncCallback.VoidCallback;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.MultiOperationRecord;
import org.apache.zookeeper.MultiResponse;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.proto.Create2Response;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.GetChildren2Request;
import org.apache.zookeeper.proto.GetChildren2Response;
import org.apache.zookeeper.proto.GetDataRequest;
import org.apache.zookeeper.proto.GetDataResponse;
import org.apache.zookeeper.proto.ReplyHeader;
import org.apache.zookeeper.proto.RequestHeader;
import org.apache.zookeeper.proto.SyncRequest;
import org.apache.zookeeper.proto.SyncResponse;

/**
 * ZooKeeper's client, which here also calls back from the thread that reads the connection, where it else hands each answer to another:
 * that one change of thread is a good part of what an answer takes. Such a callback does next to nothing and never waits. Direct requests
 * are answered in the order in which they are sent, among the others too, but an answer may overtake what watchers are told. Thread-safe.
 */
@SuppressWarnings("try") // ZooKeeper's close() throws InterruptedException; Curator calls it.
final class DirectClient extends ZooKeeper {
    private final String chroot;

    private DirectClient(String connect, int timeout, Watcher watcher, boolean readOnly, ZKClientConfig config)
            throws IOException {
        super(connect, timeout, watcher, readOnly, config);
        this.chroot = ConnectString.chroot(connect);
    }

    /** Makes them for Curator. */
    static final class Factory implements ZookeeperFactory {
        @Override
        public ZooKeeper newZooKeeper(String connect, int timeout, Watcher watcher, boolean readOnly)
                throws IOException {
            return newZooKeeper(connect, timeout, watcher, readOnly, new ZKClientConfig());
        }

        @Override
        public ZooKeeper newZooKeeper(
                String connect, int timeout, Watcher watcher, boolean readOnly, ZKClientConfig config)
                throws IOException {
            return new DirectClient(connect, timeout, watcher, readOnly, config);
        }
    }

    void createDirect(String path, byte[] data, List<ACL> acl, CreateMode mode, Create2Callback to) {
        Create2Response response = new Create2Response();
        send(OpCode.create2, new CreateRequest(chroot + path, data, acl, mode.toFlag()), response, rc -> {
            String made = rc == 0 ? response.getPath().substring(chroot.length()) : null;
            to.processResult(rc, path, null, made, response.getStat());
        });
    }

    void childrenDirect(String path, Children2Callback to) {
        GetChildren2Response response = new GetChildren2Response();
        send(
                OpCode.getChildren2,
                new GetChildren2Request(chroot + path, false),
                response,
                rc -> to.processResult(rc, path, null, response.getChildren(), response.getStat()));
    }

    void dataDirect(String path, DataCallback to) {
        GetDataResponse response = new GetDataResponse();
        send(
                OpCode.getData,
                new GetDataRequest(chroot + path, false),
                response,
                rc -> to.processResult(rc, path, null, response.getData(), response.getStat()));
    }

    void syncDirect(String path, VoidCallback to) {
        send(OpCode.sync, new SyncRequest(chroot + path), new SyncResponse(), rc -> to.processResult(rc, path, null));
    }

    void multiDirect(List<Op> ops, MultiCallback to) {
        multi(ops, new Direct(to), null);
    }

    /** Marks what is to be called directly. */
    private record Direct(MultiCallback to) implements MultiCallback {
        @Override
        public void processResult(int rc, String path, Object context, List<OpResult> results) {
            to.processResult(rc, path, context, results);
        }
    }

    /** Where all its requests with several parts end up, with their paths as the servers know them. */
    @Override
    protected void multiInternal(MultiOperationRecord request, MultiCallback to, Object context) {
        if (to instanceof Direct && request.size() > 0) {
            MultiResponse response = new MultiResponse();
            int type = request.getOpKind() == Op.OpKind.READ ? OpCode.multiRead : OpCode.multi;
            send(type, request, response, rc -> {
                if (rc == 0) {
                    List<OpResult> results = response.getResultList();
                    to.processResult(firstError(results), null, context, results);
                } else {
                    to.processResult(rc, null, context, null);
                }
            });
        } else {
            super.multiInternal(request, to, context);
        }
    }

    private static int firstError(List<OpResult> results) {
        for (OpResult result : results) {
            if (result instanceof OpResult.ErrorResult error && error.getErr() != Code.OK.intValue()) {
                return error.getErr();
            }
        }
        return Code.OK.intValue();
    }

    private void send(int type, Record request, Record response, IntConsumer answered) {
        cnxn.queuePacket(
                new RequestHeader(0, type),
                new ReplyHeader(),
                request,
                response,
                null,
                null,
                null,
                null,
                new Arrival(answered));
    }

    /** What the client calls first when a request was answered, or lost, to set its watch: here there is none to be set. */
    private static final class Arrival extends WatchRegistration {
        private final IntConsumer answered;

        Arrival(IntConsumer answered) {
            super(null, null);
            this.answered = answered;
        }

        @Override
        public void register(int rc) {
            answered.accept(rc);
        }

        @Override
        protected Map<String, Set<Watcher>> getWatches(int rc) {
            return Map.of();
        }
    }
}
