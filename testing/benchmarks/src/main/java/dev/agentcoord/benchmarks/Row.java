package dev.agentcoord.benchmarks;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One line of the result.
 *
 * @param id of the goal
 * @param what was measured
 * @param value median of all rounds; null where it was skipped
 * @param unit of the value
 * @param against what it was measured beside, in the same rounds, with that one's median; or why it was skipped
 * @param ratio the figure that the goal speaks of; null where it was skipped
 * @param goal in words
 * @param met {@code yes}, {@code no} or {@code skipped}; {@code shown} where there is no goal
 */
record Row(
        String id,
        String what,
        @Nullable Double value,
        String unit,
        String against,
        @Nullable Double ratio,
        String goal,
        String met) {

    /** A measured row; figures are rounded to three places. */
    static Row of(Subject subject, double value, String against, double ratio) {
        Goal goal = subject.goal();
        return new Row(
                subject.id(),
                subject.what(),
                rounded(value),
                subject.unit(),
                against,
                rounded(ratio),
                goal.toString(),
                goal.isMetBy(ratio) ? "yes" : "no");
    }

    /** A measured row without a goal, to be read beside others. */
    static Row shown(String id, String what, String unit, double value, String against, double ratio) {
        return new Row(id, what, rounded(value), unit, against, rounded(ratio), "none", "shown");
    }

    /** A row without a goal that could not be measured. */
    static Row notShown(String id, String what, String unit, String why) {
        return new Row(id, what, null, unit, why, null, "none", "skipped");
    }

    /** A row that could not be measured. */
    static Row skipped(Subject subject, String why) {
        return new Row(
                subject.id(),
                subject.what(),
                null,
                subject.unit(),
                why,
                null,
                subject.goal().toString(),
                "skipped");
    }

    private static double rounded(double figure) {
        return Math.round(figure * 1000) / 1000.0;
    }

    /**
     * What a row is about.
     *
     * @param id of the goal
     * @param what is measured
     * @param unit of the value
     * @param goal for the ratio
     */
    record Subject(String id, String what, String unit, Goal goal) {}

    /**
     * What is to be reached.
     *
     * @param atMost whether smaller is better
     * @param limit for the ratio
     * @param of what the ratio is counted in
     */
    record Goal(boolean atMost, double limit, String of) {
        static Goal atMost(double limit, String of) {
            return new Goal(true, limit, of);
        }

        static Goal atLeast(double limit, String of) {
            return new Goal(false, limit, of);
        }

        boolean isMetBy(double ratio) {
            return atMost ? ratio <= limit : ratio >= limit;
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s %s %s", atMost ? "<=" : ">=", Row.plain(limit), of);
        }
    }

    private static String plain(double figure) {
        return figure == Math.rint(figure) ? Long.toString((long) figure) : Double.toString(figure);
    }
}
