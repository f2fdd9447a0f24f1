package dev.agentcoord.engine;

import dev.agentcoord.SessionClosedException;
import dev.agentcoord.SessionView;
import dev.agentcoord.StoreUnavailableException;
import dev.agentcoord.Subscription;
import dev.agentcoord.spi.Backend;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells one listener of the list of sessions whenever it has changed, one call at a time; changes in between are merged. Thread-safe. */
final class SessionWatch {
    private static final long RETRY = Duration.ofSeconds(1).toNanos();

    private final Backend backend;
    private final Workers workers;
    private final Consumer<List<SessionView>> listener;
    private final AtomicBoolean asked = new AtomicBoolean();
    private volatile boolean closed;
    private @Nullable List<SessionView> told;

    SessionWatch(Backend backend, Workers workers, Consumer<List<SessionView>> listener) {
        this.backend = backend;
        this.workers = workers;
        this.listener = listener;
    }

    Subscription start() {
        Subscription hints = backend.watchSessions(this::changed);
        changed();
        return () -> {
            closed = true;
            hints.close();
        };
    }

    private void changed() {
        if (asked.compareAndSet(false, true)) {
            workers.run(this::look);
        }
    }

    private synchronized void look() {
        asked.set(false);
        if (closed) {
            return;
        }
        try {
            List<SessionView> now = backend.sessions();
            if (!now.equals(told)) {
                told = now;
                listener.accept(now);
            }
        } catch (StoreUnavailableException e) {
            workers.runAfter(RETRY, this::changed);
        } catch (SessionClosedException e) {
            // The coordinator was closed under the watch: there is nothing left to look at.
            closed = true;
        }
    }
}
