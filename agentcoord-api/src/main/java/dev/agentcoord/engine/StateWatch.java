package dev.agentcoord.engine;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.SessionClosedException;
import dev.agentcoord.SessionLostException;
import dev.agentcoord.StateEvent;
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
import org.jspecify.annotations.Nullable;

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
        // No look before there is a feed, though a change may be heard of while it is made.
        synchronized (this) {
            this.feed = store.follow(prefix, this::changed);
        }
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
            if (resync) {
                dispatch(snapshot());
            } else {
                dispatchDifferences();
            }
            session.dispatch(this::heard);
        } catch (SessionLostException | SessionClosedException e) {
            // There is nobody left to tell.
            return;
        } catch (CoordinationException e) {
            session.workers().runAfter(RETRY, () -> {
                hinted = true;
                heard();
            });
        }
    }

    private void heard() {
        busy.set(false);
        if (hinted) {
            begin();
        }
    }

    private void dispatch(StateEvent event) {
        session.dispatch(() -> {
            if (!closed) {
                listener.accept(event);
            }
        });
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

    /** Each as soon as it is known: what a later key meets takes nothing away from an earlier one, nor a damaged one from a later. */
    private void dispatchDifferences() {
        @Nullable CorruptRecordException damage = null;
        for (String key : List.copyOf(pending)) {
            try {
                dispatchDifference(key, store.get(key));
            } catch (CorruptRecordException e) {
                damage = e;
            }
        }
        if (damage != null) {
            throw damage;
        }
    }

    private void dispatchDifference(String key, Optional<Versioned> now) {
        Long before = told.get(key);
        if (now.isEmpty() && before != null) {
            told.remove(key);
            dispatch(new StateEvent.Deleted(key, before));
        } else if (now.isPresent() && (before == null || now.get().revision() > before)) {
            told.put(key, now.get().revision());
            dispatch(new StateEvent.Put(now.get()));
        }
        pending.remove(key);
    }
}
