package dev.agentcoord.runner.cli;

import dev.agentcoord.StateEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Events between a watch and whoever prints them: of each key only the latest is kept, so that a slow reader costs no more. Thread-safe. */
final class StateNews implements Consumer<StateEvent> {
    private final Map<String, StateEvent> latest = new LinkedHashMap<>();
    private @Nullable StateEvent resync;
    private boolean ended;

    @Override
    public synchronized void accept(StateEvent event) {
        if (event instanceof StateEvent.Resync) {
            resync = event;
            latest.clear();
        } else if (event instanceof StateEvent.Put put) {
            replace(put.value().key(), event);
        } else if (event instanceof StateEvent.Deleted deleted) {
            replace(deleted.key(), event);
        }
        notifyAll();
    }

    private void replace(String key, StateEvent event) {
        latest.remove(key);
        latest.put(key, event);
    }

    /** From now on there is nothing to wait for. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** Waits for events; empty when it has ended. */
    synchronized List<StateEvent> take() throws InterruptedException {
        while (!ended && resync == null && latest.isEmpty()) {
            wait();
        }
        List<StateEvent> taken = new ArrayList<>();
        if (!ended) {
            if (resync != null) {
                taken.add(resync);
            }
            taken.addAll(latest.values());
        }
        resync = null;
        latest.clear();
        return taken;
    }
}
