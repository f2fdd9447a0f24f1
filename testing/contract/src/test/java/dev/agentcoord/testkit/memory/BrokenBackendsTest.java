package dev.agentcoord.testkit.memory;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.agentcoord.testkit.Campaign;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** A contract test that no broken backend fails would prove nothing, so each is shown to catch at least one. */
final class BrokenBackendsTest {
    /** Runs at a time, and tests at a time in each; they mostly wait for what a broken backend never does. */
    private static final int PARALLEL = 8;

    /** Of the tests that are not about a broken backend so many-th is run against it in every build. */
    private static final int SAMPLE = Campaign.size(8, 1);

    private static final Map<String, String> TESTS_IN_PARALLEL = Map.of(
            "junit.jupiter.execution.parallel.enabled", "true",
            "junit.jupiter.execution.parallel.mode.default", "concurrent",
            "junit.jupiter.execution.parallel.config.strategy", "fixed",
            "junit.jupiter.execution.parallel.config.fixed.parallelism", String.valueOf(PARALLEL));

    @Test
    void every_broken_backend_is_caught_by_exactly_the_tests_that_are_about_it_and_every_test_catches_one()
            throws Exception {
        Map<Broken, Future<Outcome>> runs = new TreeMap<>((a, b) -> a.what().compareTo(b.what()));
        ExecutorService executor = Executors.newFixedThreadPool(PARALLEL);
        Set<String> all = new ConcurrentSkipListSet<>();
        SoftAssertions soft = new SoftAssertions();
        Set<String> caught = new TreeSet<>();
        try {
            for (Broken broken : BrokenBackends.all()) {
                runs.put(
                        broken, executor.submit(() -> run(broken, Duration.ofSeconds(1), name -> isRun(broken, name))));
            }
            for (Map.Entry<Broken, Future<Outcome>> run : runs.entrySet()) {
                Outcome outcome = run.getValue().get();
                Set<String> odd =
                        difference(outcome.failed.keySet(), run.getKey().caughtBy());
                if (!odd.isEmpty()) {
                    // On a busy machine a test may fail for want of time alone: those once more, by themselves and with
                    // much of it.
                    outcome.replaceBy(run(run.getKey(), Duration.ofSeconds(15), odd::contains));
                }
                all.addAll(outcome.started);
                caught.addAll(outcome.failed.keySet());
                Map<String, String> unexpected = new TreeMap<>(outcome.failed);
                unexpected.keySet().removeAll(run.getKey().caughtBy());
                soft.assertThat(outcome.failed.keySet())
                        .as("%s; unexpected failures: %s", run.getKey().what(), unexpected)
                        .isEqualTo(run.getKey().caughtBy());
            }
        } finally {
            executor.shutdownNow();
        }
        soft.assertThat(caught).as("tests that catch something").isEqualTo(all);
        soft.assertAll();
    }

    private static boolean isRun(Broken broken, String test) {
        boolean drawn = Math.floorMod((broken.what() + test).hashCode() + Campaign.seed(), SAMPLE) == 0;
        return drawn || broken.caughtBy().contains(test);
    }

    private static Set<String> difference(Set<String> some, Set<String> others) {
        Set<String> odd = new TreeSet<>(some);
        odd.addAll(others);
        odd.removeIf(name -> some.contains(name) && others.contains(name));
        return odd;
    }

    private static Outcome run(Broken broken, Duration patience, Predicate<String> tests) {
        Outcome outcome = new Outcome();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(BrokenContract.class))
                                .filters((PostDiscoveryFilter) test -> FilterResult.includedIf(nameOf(test.getSource())
                                        .map(tests::test)
                                        .orElse(true)))
                                .configurationParameter(BrokenContract.Choice.KEY, broken.what())
                                .configurationParameter(BrokenContract.Choice.PATIENCE, patience.toString())
                                .configurationParameters(TESTS_IN_PARALLEL)
                                .build(),
                        outcome);
        return outcome;
    }

    /** Of a test method; empty for what contains them. */
    private static Optional<String> nameOf(Optional<TestSource> source) {
        return source.filter(MethodSource.class::isInstance)
                .map(MethodSource.class::cast)
                .map(MethodSource::getMethodName);
    }

    private static final class Outcome implements TestExecutionListener {
        private final Set<String> started = new ConcurrentSkipListSet<>();
        private final Map<String, String> failed = new ConcurrentSkipListMap<>();

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            nameOf(test.getSource()).ifPresent(name -> {
                started.add(name);
                if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
                    failed.put(name, String.valueOf(result.getThrowable().orElse(null)));
                }
            });
        }

        /** Of the tests that were run again only that counts. */
        void replaceBy(Outcome again) {
            failed.keySet().removeAll(again.started);
            failed.putAll(again.failed);
        }
    }
}
