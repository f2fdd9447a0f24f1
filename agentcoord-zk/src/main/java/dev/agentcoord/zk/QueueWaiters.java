package dev.agentcoord.zk;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.Participant;
import dev.agentcoord.Subscription;
import dev.agentcoord.core.queue.Route;
import dev.agentcoord.core.record.Json;
import dev.agentcoord.zk.Requests.Found;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
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

    /** Between whose a znode is and its place in line. */
    private static final char MARK = '~';

    private final ZkStoreSession session;
    private final Requests requests;
    private final String parent;
    private final AtomicInteger waiters = new AtomicInteger();

    QueueWaiters(ZkStoreSession session, String parent) {
        this.session = session;
        this.requests = session.connection().own();
        this.parent = parent;
    }

    /** Gets in line, and returns when that is done. */
    Subscription add(Runnable hint) {
        Waiter waiter = new Waiter(hint);
        try {
            session.caller().repeatedly("wait for a task", call -> call.await(waiter.getInLine()));
        } catch (CoordinationException e) {
            waiter.close();
            throw e;
        }
        return waiter;
    }

    /** Wakes one for each of the routes, and waits for nothing. */
    void wake(List<Route> routes) {
        if (!routes.isEmpty()) {
            var unused = requests.children(parent, null).thenAccept(listing -> {
                List<String> paths = listing.names().stream()
                        .sorted(Comparator.comparing(QueueWaiters::sequence))
                        .limit(MOST)
                        .map(name -> parent + "/" + name)
                        .toList();
                if (!paths.isEmpty()) {
                    wake(routes, paths);
                }
            });
        }
    }

    private static String sequence(String name) {
        return name.substring(name.lastIndexOf(MARK) + 1);
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

    /** One that waits. Its znodes bear its name, so that one whose answer was lost is found again and does not stay in line for nobody. */
    private final class Waiter implements Subscription, Watcher {
        private final Runnable hint;
        private final String name = session.info().id() + "." + waiters.incrementAndGet() + MARK;
        private volatile String path = "";
        private volatile boolean unclear;
        private volatile boolean closed;

        Waiter(Runnable hint) {
            this.hint = hint;
        }

        CompletableFuture<Boolean> getInLine() {
            CompletableFuture<String> place = unclear ? found().thenCompose(this::foundOrMade) : made();
            return place.thenApply(this::watch);
        }

        private CompletableFuture<String> made() {
            unclear = true;
            return requests.create(parent + "/" + name, self(), session.acl(), CreateMode.EPHEMERAL_SEQUENTIAL)
                    .thenApply(Requests.Made::path);
        }

        private CompletableFuture<String> foundOrMade(List<String> found) {
            return found.isEmpty() ? made() : CompletableFuture.completedFuture(found.get(0));
        }

        /** Its znodes, whatever became of what it had asked for before. */
        private CompletableFuture<List<String>> found() {
            return session.record()
                    .fenced(requests, parent)
                    .thenApply(listing -> listing.names().stream()
                            .filter(each -> each.startsWith(name))
                            .map(each -> parent + "/" + each)
                            .toList());
        }

        private boolean watch(String place) {
            path = place;
            unclear = false;
            if (closed) {
                session.removals().remove(place);
            } else {
                look(place);
            }
            return true;
        }

        private void look(String place) {
            var unused = requests.data(place, this).whenComplete((found, failure) -> {
                if (failure != null) {
                    later(() -> look(place));
                } else if (found.isEmpty()) {
                    woken(place);
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
            getInLineAgain();
        }

        private void getInLineAgain() {
            var unused = getInLine().whenComplete((done, failure) -> {
                if (failure == null) {
                    hint.run();
                } else if (!closed) {
                    later(this::getInLineAgain);
                }
            });
        }

        private void later(Runnable step) {
            if (!session.hasEnded()) {
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
            if (unclear) {
                leave();
            }
        }

        /** Takes away what may have been made without an answer. */
        private void leave() {
            var unused = found().whenComplete((found, failure) -> {
                if (failure == null) {
                    found.forEach(session.removals()::remove);
                } else {
                    later(this::leave);
                }
            });
        }
    }
}
