package dev.agentcoord;

import java.util.List;
import java.util.function.Consumer;

/**
 * The way into one project's coordination space on one backend. Open it by the backend's own factory, join to take part, close it at
 * the end. Thread-safe.
 */
public interface Coordinator extends AutoCloseable {
    /** The name of the space. */
    String space();

    /** Joins the space; the session lives until it is closed or proven dead. Throws {@link StoreUnavailableException}. */
    Session join(Participant participant);

    /** All live sessions, in the order they joined. */
    List<SessionView> sessions();

    /** Calls back with the whole list whenever a session joins, ends or changes liveness; at least once, soon after the call. */
    Subscription watchSessions(Consumer<List<SessionView>> listener);

    /** All live tickets, held and waiting, earliest first: who holds what, who waits for whom. */
    default List<LockInfo> locks() {
        return locks(LockFilter.all());
    }

    /** The live tickets that pass the filter, earliest first, all as they were at one moment. */
    List<LockInfo> locks(LockFilter filter);

    /** The latest thefts of this space, the last first, at most {@code limit} of the 256 it remembers; also of sessions that have ended. */
    List<Intervention> thefts(int limit);

    /** Closes every session joined through it, then the store. */
    @Override
    void close();
}
