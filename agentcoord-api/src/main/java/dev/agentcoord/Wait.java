package dev.agentcoord;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How long a caller waits: not at all, up to one budget for the whole request, or without limit. Immutable. */
public final class Wait {
    private static final Wait NONE = new Wait(Duration.ZERO);
    private static final Wait FOREVER = new Wait(null);

    private final @Nullable Duration budget;

    private Wait(@Nullable Duration budget) {
        this.budget = budget;
    }

    /** Do not wait: take it now or fail. */
    public static Wait none() {
        return NONE;
    }

    /** Wait up to a duration, measured on elapsed time from the call; throws {@link InvalidRequestException} when negative. */
    public static Wait upTo(Duration budget) {
        if (budget.isNegative()) {
            throw new InvalidRequestException(
                    budget, "a wait cannot be negative: " + text(budget) + "; use Wait.none()");
        }
        return new Wait(budget);
    }

    /** Wait without limit, until granted, interrupted, cancelled or the session ends. */
    public static Wait forever() {
        return FOREVER;
    }

    /** The budget; empty when the wait has no limit, zero when it does not wait. */
    public Optional<Duration> budget() {
        return Optional.ofNullable(budget);
    }

    /** Whether the caller does not wait at all. */
    public boolean isNone() {
        return budget != null && budget.isZero();
    }

    @Override
    public String toString() {
        return budget == null ? "without limit" : budget.isZero() ? "without waiting" : "up to " + text(budget);
    }

    /** As people write it. */
    private static String text(Duration budget) {
        return BigDecimal.valueOf(budget.toMillis(), 3).stripTrailingZeros().toPlainString() + " s";
    }
}
