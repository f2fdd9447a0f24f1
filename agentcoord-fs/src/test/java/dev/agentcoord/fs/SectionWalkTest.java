package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.fs.Explorer.Step;
import dev.agentcoord.fs.SectionModel.Limits;
import dev.agentcoord.fs.SectionModel.Mistake;
import dev.agentcoord.testkit.Campaign;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random ways through {@link SectionModel} with more processes than all ways can be gone with. */
final class SectionWalkTest {
    private static final LockRequest A = LockRequest.exclusive(Item.file("a"));
    private static final LockRequest READ_A = LockRequest.shared(Item.file("a"));
    private static final LockRequest B = LockRequest.exclusive(Item.file("b"));
    private static final LockRequest C = LockRequest.exclusive(Item.file("c"));
    private static final LockRequest A_AND_B = LockRequest.exclusive(Item.file("a"), Item.file("b"));
    private static final LockRequest B_AND_C = LockRequest.exclusive(Item.file("b"), Item.file("c"));

    private static final List<Limits> SETTINGS = List.of(
            new Limits(List.of(A, A_AND_B, B_AND_C, C), 4, 64, 2, 0, 0, 0, 0),
            new Limits(List.of(A, A_AND_B, B_AND_C, C), 4, 64, 2, 0, 0, 0, 0).lingering(0, 0),
            new Limits(List.of(READ_A, READ_A, A_AND_B, B, B_AND_C), 5, 64, 2, 0, 0, 0, 1),
            new Limits(List.of(A, B, A_AND_B, B_AND_C, C), 5, 64, 2, 0, 1, 0, 1).lingering(0, 1),
            new Limits(List.of(A, A, A, A), 4, 64, 2, 1, 0, 0, 1));

    private static final int STEPS = 120;
    private static final int WALKS = 4_000;
    private static final int WALKS_OF_A_CAMPAIGN = 1_000_000;
    private static final int WALKS_UNTIL_FOUND = 100_000;

    @Test
    void whateverFourOrFiveProcessesDoThePromisesAreKept() {
        int walks = Campaign.size(WALKS, WALKS_OF_A_CAMPAIGN);
        assertThat(firstBrokenWay(Mistake.NONE, walks)).isNull();
        System.out.println("campaign section walks, seed " + Campaign.seed() + ": " + walks + " ways of " + STEPS
                + " steps, none wrong");
    }

    @Test
    void aReleaseThatForgetsWhoWaitsForMoreIsFoundOut() {
        assertThat(firstBrokenWay(Mistake.WHO_WAITS_FOR_MORE_FORGOTTEN, WALKS_UNTIL_FOUND))
                .startsWith("whoever is let in is told");
    }

    @Test
    void aRemovalThatDoesNotLookAtWhatElseIsInTheWayIsFoundOut() {
        assertThat(firstBrokenWay(Mistake.OTHERS_IN_THE_WAY_NOT_LOOKED_AT, WALKS_UNTIL_FOUND))
                .startsWith("whoever is let in is told");
    }

    private static @Nullable String firstBrokenWay(Mistake mistake, int walks) {
        Random random = new Random(Campaign.seed());
        for (int i = 0; i < walks; i++) {
            Limits limits = SETTINGS.get(i % SETTINGS.size());
            String broken = walk(new SectionModel(limits, mistake), random);
            if (broken != null) {
                return broken + " with " + limits;
            }
        }
        return null;
    }

    private static @Nullable String walk(SectionModel model, Random random) {
        SectionState state = model.initial();
        List<Step> way = new ArrayList<>();
        for (int i = 0; i < STEPS; i++) {
            List<Step> steps = new ArrayList<>();
            List<SectionState> ahead = new ArrayList<>();
            model.stepsFrom(state, (step, next) -> {
                steps.add(step);
                ahead.add(next);
            });
            if (steps.isEmpty()) {
                return null;
            }
            int chosen = random.nextInt(steps.size());
            way.add(steps.get(chosen));
            state = ahead.get(chosen);
            String broken = model.brokenBy(state);
            if (broken != null) {
                return broken + " after " + way;
            }
        }
        return null;
    }
}
