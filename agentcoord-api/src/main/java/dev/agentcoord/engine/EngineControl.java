package dev.agentcoord.engine;

import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.QueueControl;
import dev.agentcoord.QueueSettings;
import dev.agentcoord.TaskId;
import dev.agentcoord.core.Limits;
import dev.agentcoord.spi.TaskStore;

/** What one session does to a queue beside working on it. Thread-safe. */
final class EngineControl implements QueueControl {
    private final EngineSession session;
    private final TaskStore store;

    EngineControl(EngineSession session, TaskStore store) {
        this.session = session;
        this.store = store;
    }

    @Override
    public boolean cancel(TaskId id, String reason) {
        String why = Limits.reason(reason);
        return session.change(() -> store.cancel(id, why) || !requireKnown(id));
    }

    @Override
    public boolean redrive(TaskId id) {
        return session.change(() -> store.redrive(id) || !requireKnown(id));
    }

    /** True; what was not found cannot have been changed, and saying no more than that would hide a mistyped id. */
    private boolean requireKnown(TaskId id) {
        if (store.find(id).isEmpty()) {
            throw new InvalidRequestException(
                    id, "there is no task " + id + " in this queue; list its tasks for their ids");
        }
        return true;
    }

    @Override
    public QueueSettings settings() {
        return session.call(store::settings);
    }

    @Override
    public void configure(QueueSettings settings) {
        session.change(() -> {
            store.configure(settings);
            return settings;
        });
    }
}
