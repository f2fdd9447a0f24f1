package dev.agentcoord.benchmarks;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Figures measured in several rounds.
 *
 * @param values at least one, in ascending order
 */
record Samples(List<Double> values) {
    Samples {
        values = values.stream().sorted().toList();
    }

    double median() {
        int middle = values.size() / 2;
        return values.size() % 2 == 1 ? values.get(middle) : (values.get(middle - 1) + values.get(middle)) / 2;
    }

    double least() {
        return values.get(0);
    }

    double greatest() {
        return values.get(values.size() - 1);
    }

    /** This median over another's. */
    double over(Samples other) {
        return median() / other.median();
    }

    /** The median and its unit, as in {@code link+unlink 12.3 µs}. */
    String describe(String name, String unit) {
        return String.format(Locale.ROOT, "%s %.3g %s", name, median(), unit);
    }

    /** What to add of a peer that no goal speaks of: its median, or that it did not take part for want of its server. */
    static String beside(String name, @Nullable Samples measured, String unit, String server) {
        return "; " + (measured == null ? server + " is not installed" : measured.describe(name, unit));
    }
}
