package dev.agentcoord;

import dev.agentcoord.core.lock.Overlap;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which live tickets a listing shows: those that pass every condition added. Immutable; each method returns a narrower filter. Also a
 * plain predicate, for listings one already has.
 */
public final class LockFilter implements Predicate<LockInfo> {
    private static final LockFilter ALL = new LockFilter(info -> true);

    private final Predicate<LockInfo> condition;

    private LockFilter(Predicate<LockInfo> condition) {
        this.condition = condition;
    }

    /** Every live ticket. */
    public static LockFilter all() {
        return ALL;
    }

    /** Only tickets of that session, those of tasks it claims included. */
    public LockFilter session(SessionId id) {
        return and(info -> info.owner().id().equals(id));
    }

    /** Only tickets of agents of that name. */
    public LockFilter agent(String name) {
        return and(info -> info.owner().agent().equals(name));
    }

    /** Only tickets of sessions of that operating-system user. */
    public LockFilter developer(String user) {
        return and(info -> info.owner().developer().equals(user));
    }

    /** Only tickets that name something in common with one of the items, in whatever mode; overlap is exact, as for requests. */
    public LockFilter touching(Item... items) {
        List<Item> wanted = List.of(items);
        return and(info -> info.request().items().keySet().stream()
                .anyMatch(named -> wanted.stream().anyMatch(item -> Overlap.of(named, item))));
    }

    /** Only what is held. */
    public LockFilter held() {
        return and(LockInfo::granted);
    }

    /** Only what waits. */
    public LockFilter waiting() {
        return and(info -> !info.granted());
    }

    @Override
    public boolean test(LockInfo info) {
        return condition.test(info);
    }

    @Override
    public LockFilter and(Predicate<? super LockInfo> other) {
        return new LockFilter(condition.and(other));
    }
}
