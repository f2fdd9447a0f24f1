package dev.agentcoord.zk;

import dev.agentcoord.spi.StateFeed;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.jspecify.annotations.Nullable;

/**
 * Those of one session who follow the state: one watch tells of every change, while the connection stands. After each reconnection they
 * know nothing, and read all again. Beside the watch somebody looks now and then what it has not told. Thread-safe.
 */
final class StateFollowers implements Watcher {
    private static final Duration PAUSE = Duration.ofMinutes(1);
    /** Looking costs no more than a hundredth of the time, however many keys there are. */
    private static final Duration PAUSE_PER_KEY = Duration.ofMillis(5);

    private final ZkStoreSession session;
    private final Requests requests;
    private final StateNodes nodes;
    private final List<Feed> feeds = new CopyOnWriteArrayList<>();
    private final StateRecheck recheck;
    private @Nullable CompletableFuture<?> watching;
    private int starts;

    StateFollowers(ZkStoreSession session) {
        this.session = session;
        this.requests = session.connection().own();
        this.nodes = session.space().node().state();
        this.recheck = new StateRecheck(requests, nodes);
    }

    StateFeed follow(String prefix, Runnable hint) {
        Feed feed = new Feed(prefix, hint);
        feeds.add(feed);
        return feed;
    }

    /** Asks again where that failed. */
    private synchronized CompletableFuture<?> watching() {
        CompletableFuture<?> now = watching;
        if (now == null || now.isCompletedExceptionally()) {
            int start = ++starts;
            now = requests.watchBelow(nodes.root(), this).thenCompose(set -> recheck.look());
            var unused = now.whenComplete((seen, failure) -> lookLater(start));
            watching = now;
        }
        return now;
    }

    private synchronized void stop(Feed feed) {
        if (feeds.remove(feed) && feeds.isEmpty() && watching != null) {
            watching = null;
            starts++;
            // Where nobody can be told it goes on in vain.
            var unused = requests.unwatch(nodes.root());
        }
    }

    private void lookLater(int start) {
        Duration perKey = PAUSE_PER_KEY.multipliedBy(recheck.size());
        session.connection().worker().later(() -> lookAgain(start), perKey.compareTo(PAUSE) > 0 ? perKey : PAUSE);
    }

    /** Unless nobody follows any more, or somebody began to anew. */
    private void lookAgain(int start) {
        synchronized (this) {
            if (start != starts) {
                return;
            }
        }
        var unused = look().whenComplete((keys, failure) -> lookLater(start));
    }

    /** Notes what the watch has not told. */
    CompletableFuture<?> look() {
        return recheck.look().thenAccept(keys -> keys.forEach(this::note));
    }

    private void note(String key) {
        feeds.forEach(feed -> feed.note(key));
    }

    @Override
    public void process(WatchedEvent event) {
        if (event.getType() == Event.EventType.None) {
            if (event.getState() == Event.KeeperState.SyncConnected) {
                feeds.forEach(Feed::forget);
            }
        } else if (event.getPath() != null) {
            nodes.keyAt(event.getPath()).ifPresent(this::note);
        }
    }

    /** What one of them has not been told yet. */
    private final class Feed implements StateFeed {
        private final String prefix;
        private final Runnable hint;
        private Set<String> news = new HashSet<>();
        private boolean gap = true;

        Feed(String prefix, Runnable hint) {
            this.prefix = prefix;
            this.hint = hint;
        }

        void note(String key) {
            if (key.startsWith(prefix)) {
                synchronized (this) {
                    news.add(key);
                }
                hint.run();
            }
        }

        void forget() {
            synchronized (this) {
                gap = true;
            }
            hint.run();
        }

        @Override
        public Optional<Set<String>> changed() {
            session.requireOpen();
            session.caller().repeatedly("follow the state", call -> call.await(watching()));
            synchronized (this) {
                Optional<Set<String>> answer = gap ? Optional.empty() : Optional.of(news);
                news = new HashSet<>();
                gap = false;
                return answer;
            }
        }

        @Override
        public void close() {
            stop(this);
        }
    }
}
