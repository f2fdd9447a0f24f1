package dev.agentcoord.zk;

import dev.agentcoord.Participant;
import dev.agentcoord.Subscription;
import dev.agentcoord.core.queue.Route;
import dev.agentcoord.core.record.Json;
import dev.agentcoord.zk.Requests.Found;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;

/**
 * The consumers of a queue that wait: each an ephemeral znode that says what it may claim, and that it alone watches. Whoever makes a task
 * ready removes the first that admits it, which wakes that one and nobody else; it then gets in line again at the end. All of that is a
 * hint that may be lost. Thread-safe.
 */
final class QueueWaiters {
    /** Only so many of the first are looked at: a wake-up that none of them may have is lost. */
    private static final int MOST = 256;
    /** Who could not get in line tries again then, and meanwhile looks without being woken. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final ZkStoreSession session;
    private final Requests requests;
    private final String parent;

    QueueWaiters(ZkStoreSession session, String parent) {
        this.session = session;
        this.requests = session.connection().own();
        this.parent = parent;
    }

    /** Gets in line, and returns when that is done. */
    Subscription add(Runnable hint) {
        Waiter waiter = new Waiter(hint);
        session.caller().repeatedly("wait for a task", call -> {
            waiter.watch(call.await(waiter.register()).path());
            return true;
        });
        return waiter;
    }

    /** Wakes one for each of the routes, and waits for nothing. */
    void wake(List<Route> routes) {
        if (!routes.isEmpty()) {
            var unused = requests.children(parent, null).thenAccept(listing -> {
                List<String> paths = listing.names().stream()
                        .sorted()
                        .limit(MOST)
                        .map(name -> parent + "/" + name)
                        .toList();
                if (!paths.isEmpty()) {
                    wake(routes, paths);
                }
            });
        }
    }

    /** Wakes all who wait. */
    void wakeAll() {
        var unused = requests.children(parent, null)
                .thenAccept(listing -> listing.names().forEach(this::remove));
    }

    private void remove(String name) {
        var unused = requests.delete(parent + "/" + name);
    }

    private void wake(List<Route> routes, List<String> paths) {
        var unused = requests.reads(Batches.gets(paths)).thenCompose(results -> {
            Map<String, Participant> waiting = new LinkedHashMap<>();
            for (int i = 0; i < paths.size(); i++) {
                if (results.get(i) instanceof OpResult.GetDataResult data) {
                    waiting.put(paths.get(i), read(paths.get(i), new Found(data.getData(), data.getStat())));
                }
            }
            List<Route> missed = new ArrayList<>();
            List<CompletableFuture<?>> woken = new ArrayList<>();
            for (Route route : routes) {
                Stream<Map.Entry<String, Participant>> admitted =
                        waiting.entrySet().stream().filter(one -> route.admits(one.getValue()));
                admitted.map(Map.Entry::getKey).findFirst().ifPresent(path -> {
                    waiting.remove(path);
                    woken.add(requests.delete(path).thenAccept(was -> {
                        if (!was) {
                            missed.add(route); // Another task was faster.
                        }
                    }));
                });
            }
            return CompletableFuture.allOf(woken.toArray(CompletableFuture[]::new))
                    .thenRun(() -> wake(List.copyOf(missed)));
        });
    }

    private static Participant read(String path, Found found) {
        Json.Fields fields = Json.read(path, found.bytes());
        return Participant.named(fields.text("agent")).capabilities(Set.copyOf(fields.texts("capabilities")));
    }

    private byte[] self() {
        Participant self = session.info().participant();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("agent", self.agent());
        fields.put("capabilities", new TreeSet<>(self.capabilities()));
        return Json.write(fields);
    }

    /** One that waits. */
    private final class Waiter implements Subscription, Watcher {
        private final Runnable hint;
        private volatile String path = "";
        private volatile boolean closed;

        Waiter(Runnable hint) {
            this.hint = hint;
        }

        CompletableFuture<Requests.Made> register() {
            return requests.create(parent + "/w", self(), session.acl(), CreateMode.EPHEMERAL_SEQUENTIAL);
        }

        void watch(String made) {
            path = made;
            if (closed) {
                session.removals().remove(made);
                return;
            }
            look(made);
        }

        private void look(String made) {
            var unused = requests.data(made, this).whenComplete((found, failure) -> {
                if (failure != null) {
                    later(() -> look(made));
                } else if (found.isEmpty()) {
                    woken(made);
                }
            });
        }

        @Override
        public void process(WatchedEvent event) {
            if (event.getType() == Event.EventType.NodeDeleted) {
                woken(event.getPath());
            }
        }

        /** In line again before it looks, so that nothing is missed in between. */
        private synchronized void woken(String was) {
            if (closed || !was.equals(path)) {
                return;
            }
            path = "";
            getInLine();
        }

        private void getInLine() {
            var unused = register().whenComplete((made, failure) -> {
                if (failure == null) {
                    watch(made.path());
                    hint.run();
                } else {
                    later(this::getInLine);
                }
            });
        }

        private void later(Runnable step) {
            if (!closed && !session.hasEnded()) {
                session.connection().worker().later(step, PAUSE);
            }
        }

        @Override
        public void close() {
            closed = true;
            String last = path;
            if (!last.isEmpty()) {
                session.removals().remove(last);
            }
        }
    }
}
