package dev.agentcoord.benchmarks;

import java.time.Duration;

/**
 * How long to measure.
 *
 * @param rounds how often each contender is measured
 * @param slice how long each time
 * @param warmUp how long each runs before
 */
record Pace(int rounds, Duration slice, Duration warmUp) {
    private static final int MOST_WARM_UPS = 12;
    private static final double FASTER = 1.05;
    /** Once alone may be chance. */
    private static final int ENOUGH = 2;

    Pace {
        if (rounds < 1) {
            throw new IllegalArgumentException("at least one round is needed");
        }
    }

    /** Whether it is only to be seen that all of it works: then nothing has to be warm. */
    boolean isTrial() {
        return rounds == 1;
    }

    /** How much is done in a while. */
    @FunctionalInterface
    interface Rate {
        /** Does it for so long. */
        double of(Duration time) throws InterruptedException;
    }

    /** Until it gets no faster twice in a row, as in a process that has run for a while, but not for ever. */
    void warmUp(Rate rate) throws InterruptedException {
        if (isTrial()) {
            rate.of(slice);
            return;
        }
        double best = 0;
        int noFaster = 0;
        for (int i = 0; i < MOST_WARM_UPS && noFaster < ENOUGH; i++) {
            double now = rate.of(warmUp);
            noFaster = now < best * FASTER ? noFaster + 1 : 0;
            best = Math.max(best, now);
        }
    }

    static Pace quick() {
        return new Pace(7, Duration.ofMillis(150), Duration.ofMillis(1_000));
    }

    /** The same, for another number of rounds. */
    Pace rounds(int number) {
        return new Pace(number, slice, warmUp);
    }

    static Pace thorough() {
        return new Pace(15, Duration.ofMillis(700), Duration.ofSeconds(3));
    }
}
