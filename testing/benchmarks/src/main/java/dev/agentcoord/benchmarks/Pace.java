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
    Pace {
        if (rounds < 1) {
            throw new IllegalArgumentException("at least one round is needed");
        }
    }

    /** Whether it is only to be seen that all of it works: then nothing has to be warm. */
    boolean isTrial() {
        return rounds == 1;
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
