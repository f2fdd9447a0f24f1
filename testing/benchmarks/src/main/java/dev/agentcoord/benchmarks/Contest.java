package dev.agentcoord.benchmarks;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * Measures contenders side by side: all of them in each round, one after the other, so that whatever else the machine does meets them
 * all alike. Of each round the median counts. Not thread-safe.
 */
final class Contest {
    private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(8);
    /** While it compiles for a smaller part of the time than one of so many, it does not matter. */
    private static final int QUIET = 20;

    private final CompilationMXBean compilation = ManagementFactory.getCompilationMXBean();
    private final Map<String, Contender> contenders = new LinkedHashMap<>();
    private final long[] times = new long[200_000];

    private record Contender(LongSupplier nanos, Runnable before, Runnable after) {}

    /** Adds one; {@code operation} is what is timed, over and over. */
    Contest add(String name, Runnable operation) {
        return add(name, operation, () -> {}, () -> {});
    }

    /** Adds one that needs something done around each of its turns, untimed. */
    Contest add(String name, Runnable operation, Runnable before, Runnable after) {
        contenders.put(name, new Contender(() -> nanosOf(operation), before, after));
        return this;
    }

    /** Adds one that times itself, because only a part of what it does counts; {@code nanos} does it once. */
    Contest addTimed(String name, LongSupplier nanos) {
        contenders.put(name, new Contender(nanos, () -> {}, () -> {}));
        return this;
    }

    static long nanosOf(Runnable operation) {
        long begun = System.nanoTime();
        operation.run();
        return System.nanoTime() - begun;
    }

    /** Warms all up, then measures; the result holds the microseconds of one operation in each round. */
    Results run(Pace pace) {
        contenders.values().forEach(contender -> warmUp(contender, pace));
        Map<String, List<Double>> measured = new LinkedHashMap<>();
        for (int round = 0; round < pace.rounds(); round++) {
            contenders.forEach((name, contender) -> measured.computeIfAbsent(name, key -> new ArrayList<>())
                    .add(microseconds(contender, pace.slice())));
        }
        Map<String, Samples> result = new LinkedHashMap<>();
        measured.forEach((name, list) -> result.put(name, new Samples(list)));
        return new Results(result);
    }

    /** At least as long as the pace says, then until the JVM has compiled what it will, but not for ever. */
    private void warmUp(Contender contender, Pace pace) {
        long begun = System.nanoTime();
        microseconds(contender, pace.isTrial() ? pace.slice() : pace.warmUp());
        long before;
        do {
            before = compilation.getTotalCompilationTime();
            microseconds(contender, pace.slice());
        } while (isBusy(before, pace) && System.nanoTime() - begun < LONGEST_WARM_UP.toNanos());
    }

    private boolean isBusy(long compiledBefore, Pace pace) {
        return !pace.isTrial()
                && compilation.getTotalCompilationTime() - compiledBefore
                        > pace.slice().toMillis() / QUIET;
    }

    /** What was measured of each contender. */
    record Results(Map<String, Samples> byName) {
        /** Whether it took part. */
        boolean has(String name) {
            return byName.containsKey(name);
        }

        /** Of one that took part. */
        Samples of(String name) {
            return Objects.requireNonNull(byName.get(name), name);
        }

        /** What to add of one that no goal speaks of, and that took part if its server is installed. */
        String beside(String name, String unit, String server) {
            return Samples.beside(name, byName.get(name), unit, server);
        }
    }

    private double microseconds(Contender contender, Duration slice) {
        contender.before.run();
        try {
            return microseconds(contender.nanos, slice.toNanos());
        } finally {
            contender.after.run();
        }
    }

    private double microseconds(LongSupplier nanos, long slice) {
        long end = System.nanoTime() + slice;
        int count = 0;
        while (System.nanoTime() < end && count < times.length) {
            times[count++] = nanos.getAsLong();
        }
        Arrays.sort(times, 0, count);
        return times[count / 2] / 1000.0;
    }
}
