package dev.agentcoord.engine;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Intervention;
import dev.agentcoord.LockFilter;
import dev.agentcoord.LockInfo;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.SessionView;
import dev.agentcoord.Subscription;
import dev.agentcoord.core.Limits;
import dev.agentcoord.core.RunAll;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.spi.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** A coordinator over one backend, which it owns. Thread-safe. */
final class EngineCoordinator implements Coordinator {
    private final Backend backend;
    private final TimeSource time;
    private final Workers workers;
    private final Set<EngineSession> joined = ConcurrentHashMap.newKeySet();

    EngineCoordinator(Backend backend, TimeSource time, Workers workers) {
        this.backend = backend;
        this.time = time;
        this.workers = workers;
    }

    @Override
    public String space() {
        return backend.space();
    }

    @Override
    public Session join(Participant participant) {
        EngineSession session = new EngineSession(backend, participant, time, workers, joined::remove);
        joined.add(session);
        return session;
    }

    @Override
    public List<SessionView> sessions() {
        return backend.sessions();
    }

    @Override
    public Subscription watchSessions(Consumer<List<SessionView>> listener) {
        return new SessionWatch(backend, workers, listener).start();
    }

    @Override
    public List<LockInfo> locks(LockFilter filter) {
        return new LockListing(backend).all().stream().filter(filter).toList();
    }

    @Override
    public List<Intervention> thefts(int limit) {
        return backend.thefts(Limits.page(limit));
    }

    @Override
    public void close() {
        List<Runnable> all = new ArrayList<>();
        joined.forEach(session -> all.add(session::close));
        all.add(backend::close);
        all.add(workers::close);
        RunAll.of(all);
    }
}
