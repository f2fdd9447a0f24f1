package dev.agentcoord.harness.history.state;

import static dev.agentcoord.harness.history.state.Scene.put;
import static dev.agentcoord.harness.history.state.Scene.putPerhaps;
import static dev.agentcoord.harness.history.state.Scene.reads;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.harness.history.Call;
import dev.agentcoord.harness.history.state.Linearizer.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LinearizerTest {
    private static final int HISTORIES = 3_000;
    private static final long PLENTY = 1_000_000;

    @Test
    void agreesWithTryingEveryOrder() {
        Random random = new Random(1);
        int good = 0;
        for (int i = 0; i < HISTORIES; i++) {
            List<Step> steps = anyHistory(random);
            boolean expected = hasOrder(steps, Version.ABSENT, 0);
            good += expected ? 1 : 0;
            assertThat(new Linearizer(steps, PLENTY).answer())
                    .as("history %s", steps)
                    .isEqualTo(expected ? Answer.YES : Answer.NO);
        }
        assertThat(good).isBetween(HISTORIES / 10, HISTORIES * 9 / 10);
    }

    @Test
    void aHistoryOfManyCallsAtOnceIsDecidedInLittleMemory() {
        List<Step> steps = new ArrayList<>();
        for (int i = 1; i <= 2_000; i++) {
            steps.add(new Step(i, i + 16, put("k", i)));
            steps.add(new Step(i + 8, i + 24, reads("k", i)));
            if (i % 100 == 0) {
                steps.add(new Step(i, Call.NEVER, putPerhaps("k", 10_000 + i)));
            }
        }
        assertThat(new Linearizer(steps).answer()).isEqualTo(Answer.YES);
    }

    @Test
    void saysSoWhenItGaveUp() {
        List<Step> steps =
                List.of(new Step(0, 9, put("k", 1)), new Step(0, 9, put("k", 2)), new Step(0, 9, put("k", 3)));
        assertThat(new Linearizer(steps, 1).answer()).isEqualTo(Answer.UNDECIDED);
    }

    /** Up to six steps, of which some never were answered. */
    private static List<Step> anyHistory(Random random) {
        List<Step> steps = new ArrayList<>();
        int count = 2 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            long from = random.nextInt(12);
            long revision = 1L + i;
            Touch touch = switch (random.nextInt(5)) {
                case 0 -> put("k", revision);
                case 1 -> Scene.swaps("k", random.nextInt(count), revision);
                case 2 -> Scene.refused("k", random.nextInt(count));
                case 3 -> Scene.deletes("k", 1 + random.nextInt(count));
                default -> reads("k", random.nextInt(count));
            };
            boolean unanswered = touch.isWrite() && random.nextInt(4) == 0;
            steps.add(new Step(from, unanswered ? Call.NEVER : from + random.nextInt(8), touch));
        }
        return steps.stream().map(step -> asRecorded(step, steps)).toList();
    }

    /** Nobody knows the revision of a write that was not answered, unless somebody read its value. */
    private static Step asRecorded(Step step, List<Step> all) {
        Version left = step.touch().left();
        if (step.completed() != Call.NEVER || left == null || left.isAbsent()) {
            return step;
        }
        boolean read = all.stream().anyMatch(other -> other.touch().seen().equals(new Seen.Exactly(left)));
        return read ? step : new Step(step.invoked(), Call.NEVER, step.touch().withRevision(Touch.UNKNOWN));
    }

    private static boolean hasOrder(List<Step> left, Version version, long greatest) {
        if (left.stream().allMatch(step -> step.completed() == Call.NEVER)) {
            return true;
        }
        for (Step next : left) {
            boolean early = left.stream().anyMatch(other -> other.completed() < next.invoked());
            Version after = early ? null : after(version, greatest, next.touch());
            if (after != null) {
                List<Step> rest = new ArrayList<>(left);
                rest.remove(next);
                if (hasOrder(rest, after, Math.max(greatest, after.revision()))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static @Nullable Version after(Version version, long greatest, Touch touch) {
        if (!touch.seen().fits(version)) {
            return null;
        }
        Version left = touch.left();
        if (left == null) {
            return version;
        }
        return left.revision() <= 0 || left.revision() > greatest ? left : null;
    }
}
