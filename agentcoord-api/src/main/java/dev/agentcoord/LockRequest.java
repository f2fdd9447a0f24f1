package dev.agentcoord;

import dev.agentcoord.core.Limits;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What to lock, all or nothing: any mix of files, trees, globs, names and pool permits, with a reason others can read. Immutable; each
 * method returns a new request.
 */
public final class LockRequest {
    private final Map<Item, Mode> items;
    private final Map<Pool, Integer> permits;
    private final String reason;
    private final @Nullable Claim claim;

    private LockRequest(Map<Item, Mode> items, Map<Pool, Integer> permits, String reason, @Nullable Claim claim) {
        this.items = Collections.unmodifiableMap(items);
        this.permits = Collections.unmodifiableMap(permits);
        this.reason = reason;
        this.claim = claim;
    }

    /** Starts a request for exclusive items; an item asked for twice is held in the stronger mode. */
    public static LockRequest exclusive(Item... items) {
        return empty().andExclusive(items);
    }

    /** Starts a request for items shared with other readers. */
    public static LockRequest shared(Item... items) {
        return empty().andShared(items);
    }

    /** Starts a request for permits of a pool; throws {@link InvalidRequestException} when count is not within its capacity. */
    public static LockRequest permits(Pool pool, int count) {
        return empty().andPermits(pool, count);
    }

    /** A request for nothing yet, to be added to; acquiring an empty request is refused. */
    public static LockRequest empty() {
        return new LockRequest(new TreeMap<>(), Map.of(), "", null);
    }

    /** This request with more exclusive items; throws {@link LimitExceededException} past 256 items. */
    public LockRequest andExclusive(Item... more) {
        return with(Mode.EXCLUSIVE, more);
    }

    /** This request with more shared items; throws {@link LimitExceededException} past 256 items. */
    public LockRequest andShared(Item... more) {
        return with(Mode.SHARED, more);
    }

    /** This request with permits of a pool, added to those already asked of it; throws {@link InvalidRequestException} past capacity. */
    public LockRequest andPermits(Pool pool, int count) {
        Map<Pool, Integer> all =
                new TreeMap<>(java.util.Comparator.comparing(Pool::name).thenComparingInt(Pool::capacity));
        all.putAll(permits);
        int sum = all.merge(pool, count, Integer::sum);
        if (count < 1 || sum > pool.capacity()) {
            throw new InvalidRequestException(
                    pool, "cannot hold " + sum + " permits of " + pool + "; ask for 1 to " + pool.capacity());
        }
        if (all.keySet().stream().map(Pool::name).distinct().count() < all.size()) {
            throw new InvalidRequestException(pool, "one request names pool '" + pool.name() + "' with two capacities");
        }
        return checked(new LockRequest(items, all, reason, claim));
    }

    /** This request with a reason, shown to everyone it blocks; control characters are refused, at most 1 024 bytes. */
    public LockRequest reason(String text) {
        return new LockRequest(items, permits, Limits.reason(text), claim);
    }

    /**
     * This request for the task of a claim: what is granted belongs to the task and is held by whoever holds its claim, so it goes along
     * with a hand-off or a crash, until released or until the task ends.
     */
    public LockRequest under(Claim held) {
        return new LockRequest(items, permits, reason, held);
    }

    /** This request for the session itself. */
    public LockRequest withoutClaim() {
        return claim == null ? this : new LockRequest(items, permits, reason, null);
    }

    /** The items and the mode each is wanted in, in a stable order; immutable. */
    public Map<Item, Mode> items() {
        return items;
    }

    /** The pools and how many permits of each are wanted, in a stable order; immutable. */
    public Map<Pool, Integer> permits() {
        return permits;
    }

    /** Why it is wanted; empty when nothing was said. */
    public String reason() {
        return reason;
    }

    /** The claim whose task it is for; empty when it is the session's own. */
    public Optional<Claim> claim() {
        return Optional.ofNullable(claim);
    }

    /** Whether nothing is asked for. */
    public boolean isEmpty() {
        return items.isEmpty() && permits.isEmpty();
    }

    private LockRequest with(Mode mode, Item... more) {
        Map<Item, Mode> all = new TreeMap<>(items);
        for (Item item : more) {
            all.merge(item, mode, (a, b) -> a == Mode.EXCLUSIVE ? a : b);
        }
        return checked(new LockRequest(all, permits, reason, claim));
    }

    private static LockRequest checked(LockRequest request) {
        Limits.items(request, request.items.size() + request.permits.size());
        return request;
    }

    @Override
    public boolean equals(Object o) {
        return o == this
                || (o instanceof LockRequest r
                        && items.equals(r.items)
                        && permits.equals(r.permits)
                        && reason.equals(r.reason)
                        && Objects.equals(claim, r.claim));
    }

    @Override
    public int hashCode() {
        return 31 * (31 * items.hashCode() + permits.hashCode()) + reason.hashCode();
    }

    @Override
    public String toString() {
        StringBuilder s = new StringBuilder();
        items.forEach((item, mode) -> s.append(s.isEmpty() ? "" : ", ")
                .append(mode == Mode.SHARED ? "shared " : "")
                .append(item));
        permits.forEach((pool, n) ->
                s.append(s.isEmpty() ? "" : ", ").append(n).append(" of ").append(pool));
        return s.toString();
    }
}
