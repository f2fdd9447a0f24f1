package dev.agentcoord.engine;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.SessionClosedException;
import dev.agentcoord.SessionLostException;
import dev.agentcoord.StateEvent;
import dev.agentcoord.StoreUnavailableException;
import dev.agentcoord.Subscription;
import dev.agentcoord.Versioned;
import dev.agentcoord.core.Limits;
import dev.agentcoord.spi.StateFeed;
import dev.agentcoord.spi.StateStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Tells one listener what became of the keys below a prefix: reads again what may have changed, and compares with what was told. The next
 * look waits until the listener has heard of the last, so a slow one is told less, not more. Thread-safe.
 */
final class StateWatch {
    private static final long RETRY = Duration.ofSeconds(1).toNanos();

    private final EngineSession session;
    private final StateStore store;
    private final String prefix;
    private final Consumer<StateEvent> listener;
    private final StateFeed feed;
    private final AtomicBoolean busy = new AtomicBoolean();
    /** Revisions told of, by key. */
    private final Map<String, Long> told = new HashMap<>();
    /** Keys to read again; they stay here until that has succeeded. */
    private final Set<String> pending = new TreeSet<>();

    private boolean resync = true;
    private volatile boolean hinted;
    private volatile boolean closed;

    StateWatch(EngineSession session, StateStore store, String prefix, Consumer<StateEvent> listener) {
        this.session = session;
        this.store = store;
        this.prefix = prefix;
        this.listener = listener;
        this.feed = store.follow(prefix, this::changed);
    }

    Subscription start() {
        Subscription changes = session.life().onChange(this::changed);
        changed();
        return () -> {
            closed = true;
            changes.close();
            feed.close();
        };
    }

    private void changed() {
        hinted = true;
        begin();
    }

    private void begin() {
        if (busy.compareAndSet(false, true)) {
            session.workers().run(this::look);
        }
    }

    private synchronized void look() {
        hinted = false;
        if (closed || session.life().hasEnded()) {
            return;
        }
        try {
            feed.changed().ifPresentOrElse(pending::addAll, () -> resync = true);
            List<StateEvent> news = resync ? List.of(snapshot()) : differences();
            news.forEach(event -> session.dispatch(() -> tell(event)));
            session.dispatch(this::heard);
        } catch (StoreUnavailableException | CorruptRecordException e) {
            session.workers().runAfter(RETRY, () -> {
                hinted = true;
                heard();
            });
        } catch (SessionLostException | SessionClosedException e) {
            // There is nobody left to tell.
            return;
        }
    }

    private void heard() {
        busy.set(false);
        if (hinted) {
            begin();
        }
    }

    private void tell(StateEvent event) {
        if (!closed) {
            listener.accept(event);
        }
    }

    private StateEvent snapshot() {
        List<Versioned> all = new ArrayList<>();
        List<Versioned> page;
        String after = "";
        do {
            page = store.list(prefix, after, Limits.PAGE);
            all.addAll(page);
            after = page.isEmpty() ? after : page.get(page.size() - 1).key();
        } while (page.size() == Limits.PAGE);
        told.clear();
        all.forEach(value -> told.put(value.key(), value.revision()));
        pending.clear();
        resync = false;
        return new StateEvent.Resync(all);
    }

    private List<StateEvent> differences() {
        List<StateEvent> news = new ArrayList<>();
        for (String key : List.copyOf(pending)) {
            Optional<Versioned> now = store.get(key);
            Long before = told.get(key);
            if (now.isEmpty() && before != null) {
                told.remove(key);
                news.add(new StateEvent.Deleted(key, before));
            } else if (now.isPresent() && (before == null || now.get().revision() > before)) {
                told.put(key, now.get().revision());
                news.add(new StateEvent.Put(now.get()));
            }
            pending.remove(key);
        }
        return news;
    }
}
