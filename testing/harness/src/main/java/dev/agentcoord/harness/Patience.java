package dev.agentcoord.harness;

import dev.agentcoord.OutcomeUnknownException;
import dev.agentcoord.StoreUnavailableException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Tries to get into a store that may be out of reach just now. Stateless. */
final class Patience {
    static final long PAUSE_MILLIS = 50;

    private static final long LONGEST_SECONDS = 120;

    private Patience() {}

    /** Calls again until it works; empty when that is no longer wanted, the last error when it took too long. */
    static <T> Optional<T> until(Supplier<T> call, BooleanSupplier unwanted) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
        while (true) {
            try {
                return Optional.of(call.get());
            } catch (StoreUnavailableException | OutcomeUnknownException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                if (unwanted.getAsBoolean()) {
                    return Optional.empty();
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        }
    }
}
