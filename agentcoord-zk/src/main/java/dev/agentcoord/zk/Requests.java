package dev.agentcoord.zk;

import dev.agentcoord.CoordinationException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.AsyncCallback.Children2Callback;
import org.apache.zookeeper.AsyncCallback.Create2Callback;
import org.apache.zookeeper.AsyncCallback.DataCallback;
import org.apache.zookeeper.AsyncCallback.VoidCallback;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * ZooKeeper's requests as futures that fail with {@link KeeperException} alone. They are answered in the order in which one thread
 * sends them, and sending waits for nothing; so what is sent back to back costs one round trip. Thread-safe.
 */
final class Requests {
    static final int ANY_VERSION = -1;

    private final Handle handle;
    private final Route route;

    Requests(Handle handle) {
        this(handle, Route.QUEUED);
    }

    private Requests(Handle handle, Route route) {
        this.handle = handle;
        this.route = route;
    }

    /**
     * The same for a thread that waits for the answers: what is made, listed or read without a watch, and what has several parts, reaches
     * it from the thread that reads the connection. So nothing else may depend on such an answer but what takes no time and never waits.
     */
    Requests awaited() {
        return new Requests(handle, Route.DIRECT);
    }

    /** Whose requests they are. */
    @FunctionalInterface
    interface Handle {
        DirectClient current() throws KeeperException;
    }

    private interface Send<T> {
        void through(DirectClient zk, CompletableFuture<T> answer);
    }

    /**
     * What was made.
     *
     * @param path with its sequence number, if it got one
     * @param stat as it was made
     */
    record Made(String path, Stat stat) {}

    /**
     * The children of a znode.
     *
     * @param names in no order
     * @param stat of the parent: its {@code pzxid} says as of when
     */
    record Listing(List<String> names, Stat stat) {}

    /** A znode that is there. */
    static final class Found {
        private final byte[] bytes;
        private final Stat stat;

        Found(byte @Nullable [] bytes, Stat stat) {
            this.bytes = bytes == null ? new byte[0] : bytes;
            this.stat = stat;
        }

        /** Its data; not to be changed. */
        byte[] bytes() {
            return bytes;
        }

        /** Of the same moment. */
        Stat stat() {
            return stat;
        }
    }

    CompletableFuture<Made> create(String path, byte[] data, List<ACL> acl, CreateMode mode) {
        return ask((zk, answer) -> {
            Create2Callback to =
                    (rc, asked, context, name, stat) -> settle(answer, rc, asked, () -> new Made(name, stat));
            route.create(zk, path, data, acl, mode, to);
        });
    }

    CompletableFuture<Listing> children(String path, @Nullable Watcher watcher) {
        return ask((zk, answer) -> {
            Children2Callback to =
                    (rc, asked, context, names, stat) -> settle(answer, rc, asked, () -> new Listing(names, stat));
            route.children(zk, path, watcher, to);
        });
    }

    /** Empty where there is none; a watcher is then not set. */
    CompletableFuture<Optional<Found>> data(String path, @Nullable Watcher watcher) {
        return ask((zk, answer) -> {
            DataCallback to = (rc, asked, context, bytes, stat) -> {
                if (rc == Code.NONODE.intValue()) {
                    answer.complete(Optional.empty());
                } else {
                    settle(answer, rc, asked, () -> Optional.of(new Found(bytes, stat)));
                }
            };
            route.data(zk, path, watcher, to);
        });
    }

    /** What is there without its data; empty where nothing is. */
    CompletableFuture<Optional<Stat>> stat(String path) {
        return ask((zk, answer) -> zk.exists(
                path,
                null,
                (rc, asked, context, stat) -> {
                    if (rc == Code.NONODE.intValue()) {
                        answer.complete(Optional.empty());
                    } else {
                        settle(answer, rc, asked, () -> Optional.of(stat));
                    }
                },
                null));
    }

    CompletableFuture<Stat> write(String path, byte[] data) {
        return ask((zk, answer) -> zk.setData(
                path, data, ANY_VERSION, (rc, asked, context, stat) -> settle(answer, rc, asked, () -> stat), null));
    }

    /** Whether it was there. */
    CompletableFuture<Boolean> delete(String path) {
        return ask((zk, answer) -> zk.delete(
                path,
                ANY_VERSION,
                (rc, asked, context) -> {
                    if (rc == Code.NONODE.intValue()) {
                        answer.complete(false);
                    } else {
                        settle(answer, rc, asked, () -> true);
                    }
                },
                null));
    }

    /** Writes, done all or none. */
    CompletableFuture<List<OpResult>> multi(List<Op> writes) {
        return ask((zk, answer) -> route.multi(
                zk, writes, (rc, asked, context, results) -> settle(answer, rc, String.valueOf(asked), () -> results)));
    }

    /** Reads, answered one by one: the client reports the first that fails as if all had. */
    CompletableFuture<List<OpResult>> reads(List<Op> reads) {
        return ask((zk, answer) -> route.multi(zk, reads, (rc, asked, context, results) -> {
            if (results != null && results.size() == reads.size()) {
                answer.complete(results);
            } else {
                settle(answer, rc, String.valueOf(asked), () -> results);
            }
        }));
    }

    /** Who may do what with a znode. */
    CompletableFuture<List<ACL>> acl(String path) {
        return ask((zk, answer) -> zk.getACL(
                path, new Stat(), (rc, asked, context, rights, stat) -> settle(answer, rc, asked, () -> rights), null));
    }

    /** How many znodes are below one, however many those are. */
    CompletableFuture<Integer> count(String path) {
        return ask((zk, answer) -> zk.getAllChildrenNumber(
                path, (rc, asked, context, number) -> settle(answer, rc, asked, () -> number), null));
    }

    /** Lets reads sent after it see what was committed before it, unless the leader has just been deposed. */
    CompletableFuture<String> sync(String path) {
        return ask((zk, answer) -> {
            VoidCallback to = (rc, asked, context) -> settle(answer, rc, asked, () -> asked);
            route.sync(zk, path, to);
        });
    }

    /** The children of a znode as of a moment after the call began, under the same reservation. */
    CompletableFuture<Listing> childrenNow(String path) {
        CompletableFuture<String> synced = sync(path);
        return children(path, null).thenCombine(synced, (listing, done) -> listing);
    }

    /** From when it is answered the watcher is told of every change below a znode, but for those while it was cut off. */
    CompletableFuture<String> watchBelow(String path, Watcher watcher) {
        return ask((zk, answer) -> zk.addWatch(
                path,
                watcher,
                AddWatchMode.PERSISTENT_RECURSIVE,
                (rc, asked, context) -> settle(answer, rc, asked, () -> asked),
                null));
    }

    /** Ends all watches of the connection of that very path, also where nobody can be told; of a single watcher the server would not know. */
    CompletableFuture<String> unwatch(String path) {
        return ask((zk, answer) -> zk.removeAllWatches(
                path,
                Watcher.WatcherType.Any,
                true,
                (rc, asked, context) -> settle(answer, rc, asked, () -> asked),
                null));
    }

    private <T> CompletableFuture<T> ask(Send<T> send) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            send.through(handle.current(), answer);
        } catch (KeeperException | CoordinationException e) {
            answer.completeExceptionally(e);
        }
        return answer;
    }

    private static <T> void settle(CompletableFuture<T> answer, int rc, String path, Supplier<T> value) {
        if (rc == Code.OK.intValue()) {
            answer.complete(value.get());
        } else {
            answer.completeExceptionally(KeeperException.create(Code.get(rc), path));
        }
    }
}
