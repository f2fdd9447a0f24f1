package dev.agentcoord.zk;

import java.util.List;
import org.apache.zookeeper.AsyncCallback.Children2Callback;
import org.apache.zookeeper.AsyncCallback.Create2Callback;
import org.apache.zookeeper.AsyncCallback.DataCallback;
import org.apache.zookeeper.AsyncCallback.MultiCallback;
import org.apache.zookeeper.AsyncCallback.VoidCallback;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.data.ACL;
import org.jspecify.annotations.Nullable;

/** Which thread brings the answers of those requests for which there is a choice. */
enum Route {
    /** The one that also tells the watchers, each in its turn. */
    QUEUED {
        @Override
        void create(DirectClient zk, String path, byte[] data, List<ACL> acl, CreateMode mode, Create2Callback to) {
            zk.create(path, data, acl, mode, to, null);
        }

        @Override
        void children(DirectClient zk, String path, @Nullable Watcher watcher, Children2Callback to) {
            zk.getChildren(path, watcher, to, null);
        }

        @Override
        void data(DirectClient zk, String path, @Nullable Watcher watcher, DataCallback to) {
            zk.getData(path, watcher, to, null);
        }

        @Override
        void multi(DirectClient zk, List<Op> ops, MultiCallback to) {
            zk.multi(ops, to, null);
        }

        @Override
        void sync(DirectClient zk, String path, VoidCallback to) {
            zk.sync(path, to, null);
        }
    },

    /** The one that reads the connection, but for reads with a watcher, which is told by the other. */
    DIRECT {
        @Override
        void create(DirectClient zk, String path, byte[] data, List<ACL> acl, CreateMode mode, Create2Callback to) {
            zk.createDirect(path, data, acl, mode, to);
        }

        @Override
        void children(DirectClient zk, String path, @Nullable Watcher watcher, Children2Callback to) {
            if (watcher == null) {
                zk.childrenDirect(path, to);
            } else {
                QUEUED.children(zk, path, watcher, to);
            }
        }

        @Override
        void data(DirectClient zk, String path, @Nullable Watcher watcher, DataCallback to) {
            if (watcher == null) {
                zk.dataDirect(path, to);
            } else {
                QUEUED.data(zk, path, watcher, to);
            }
        }

        @Override
        void multi(DirectClient zk, List<Op> ops, MultiCallback to) {
            zk.multiDirect(ops, to);
        }

        @Override
        void sync(DirectClient zk, String path, VoidCallback to) {
            zk.syncDirect(path, to);
        }
    };

    abstract void create(DirectClient zk, String path, byte[] data, List<ACL> acl, CreateMode mode, Create2Callback to);

    abstract void children(DirectClient zk, String path, @Nullable Watcher watcher, Children2Callback to);

    abstract void data(DirectClient zk, String path, @Nullable Watcher watcher, DataCallback to);

    abstract void multi(DirectClient zk, List<Op> ops, MultiCallback to);

    abstract void sync(DirectClient zk, String path, VoidCallback to);
}
