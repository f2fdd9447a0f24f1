package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.fs.Explorer.Step;
import dev.agentcoord.fs.SectionModel.Limits;
import dev.agentcoord.fs.SectionModel.Mistake;
import dev.agentcoord.fs.SectionState.At;
import dev.agentcoord.fs.SectionState.Errand;
import dev.agentcoord.fs.SectionState.Life;
import dev.agentcoord.fs.SectionState.Member;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random ways through {@link SectionModel}, gone by the real section, order file and ticket book: both must come to the same. */
final class SectionReplayIT {
    private static final LockRequest A = LockRequest.exclusive(Item.file("a"));
    private static final LockRequest READ_A = LockRequest.shared(Item.file("a"));
    private static final LockRequest B = LockRequest.exclusive(Item.file("b"));
    private static final LockRequest A_AND_B = LockRequest.exclusive(Item.file("a"), Item.file("b"));
    /** The real ring is larger than any that can be gone through; and no mistake is none. */
    private static final EnumSet<Mistake> IN_A_SMALL_RING =
            EnumSet.of(Mistake.NONE, Mistake.TORN_BLOCK_TAKEN_FOR_THE_END, Mistake.RING_OVERRUN_NOT_NOTICED);

    private static final int WAYS = 200;
    private static final int STEPS = 80;

    @TempDir
    private Path dir;

    /** A step that can be taken and where it leads. */
    private record Choice(Step step, SectionState next) {}

    @Test
    void theRealSectionComesToWhatTheModelSays() throws IOException {
        int visits = 0;
        for (int seed = 0; seed < WAYS; seed++) {
            SectionModel model = new SectionModel(
                    new Limits(List.of(A, A, READ_A), seed % 4, 64, 2, 2, 2, 1, 1).lingering(1, 2), Mistake.NONE);
            Path home = Files.createDirectory(dir.resolve("way" + seed));
            visits += go(model, new SectionReplay(home, model.rules()), new Random(seed));
        }
        assertThat(visits).isGreaterThan(10 * WAYS);
    }

    @Test
    void theRealSectionMakesNoneOfTheMistakesThatTheModelFindsOut() throws IOException {
        for (Mistake mistake : EnumSet.complementOf(IN_A_SMALL_RING)) {
            Limits limits = settingFor(mistake);
            Explorer.Found found = Explorer.explore(new SectionModel(limits, mistake));
            assertThat(found.broken()).as(mistake.name()).isNotNull();
            Path home = Files.createDirectory(dir.resolve(mistake.name()));
            SectionModel right = new SectionModel(limits, Mistake.NONE);
            follow(found.way(), right, new SectionReplay(home, right.rules()));
        }
    }

    private static Limits settingFor(Mistake mistake) {
        Limits two = new Limits(List.of(A, A), 1, 64, 1, 1, 1, 1, 1);
        return switch (mistake) {
            case MISSING_NAME_TAKEN_FOR_A_RELEASE, CHANGES_READ_BEFORE_THE_NAME, REQUIRED_LOCK_ASKED_FOR_ONCE ->
                two.lingering(1, 1);
            case WHO_WAITS_FOR_MORE_FORGOTTEN -> new Limits(List.of(A, B, A_AND_B), 3, 64, 1, 0, 0, 0, 0);
            case OTHERS_IN_THE_WAY_NOT_LOOKED_AT -> new Limits(List.of(A, A, A), 3, 64, 1, 0, 0, 0, 0);
            case UNREADABLE_BLOCK_WRITTEN_AGAIN -> two.damaged(1);
            default -> two;
        };
    }

    /** Goes a wrong program's way as far as the right one goes it too, and then on until nobody is inside. */
    private static void follow(List<Step> wrong, SectionModel model, SectionReplay real) throws IOException {
        SectionState state = model.initial();
        List<Step> way = new ArrayList<>();
        for (int p = 0; p < state.members.length; p++) {
            if (state.members[p].life == Life.ALIVE) {
                real.start(p);
            }
        }
        for (int i = 0; i < wrong.size() || state.inside >= 0; i++) {
            SectionState now = state;
            Step next = i < wrong.size() ? wrong.get(i) : new Step(-1, "", -1);
            Predicate<Choice> fits = i < wrong.size()
                    ? choice -> choice.step.equals(next)
                    : choice -> choice.step.process() == now.inside
                            && !choice.step.what().startsWith("dies")
                            && !choice.step.what().equals("fails");
            Choice chosen =
                    choices(model, state).stream().filter(fits).findFirst().orElse(null);
            if (chosen == null) {
                return;
            }
            way.add(chosen.step);
            take(real, state, chosen, way);
            state = chosen.next;
        }
    }

    private static int go(SectionModel model, SectionReplay real, Random random) throws IOException {
        SectionState state = model.initial();
        List<Step> way = new ArrayList<>();
        int visits = 0;
        for (int p = 0; p < state.members.length; p++) {
            if (state.members[p].life == Life.ALIVE) {
                real.start(p);
            }
        }
        for (int i = 0; i < STEPS; i++) {
            List<Choice> choices = choices(model, state);
            if (choices.isEmpty()) {
                break;
            }
            Choice chosen = choose(choices, state, random);
            way.add(chosen.step);
            visits += take(real, state, chosen, way);
            state = chosen.next;
        }
        return visits;
    }

    /** Who dies outside of the section is lost for the rest of the way, so that is seldom. */
    private static Choice choose(List<Choice> choices, SectionState state, Random random) {
        Choice chosen = choices.get(random.nextInt(choices.size()));
        boolean idle = chosen.step.what().equals("dies") && state.inside != chosen.step.process();
        return idle && random.nextInt(10) > 0 ? choices.get(random.nextInt(choices.size())) : chosen;
    }

    /**
     * Without failures to write the ring, which a test cannot bring about, or between the changes that are written at once, and without a name that goes or a change that is damaged
     * while somebody is inside: the real one goes in when it is known how far it comes.
     */
    private static List<Choice> choices(SectionModel model, SectionState state) {
        List<Choice> choices = new ArrayList<>();
        model.stepsFrom(state, (step, next) -> {
            boolean writes = state.members[step.process()].at != At.TOUCH;
            Member me = state.members[step.process()];
            boolean inBetween = me.errand == Errand.ACQUIRE && me.at == At.ANNOUNCE && me.seen < 0;
            boolean cuts = inBetween && step.what().startsWith("dies");
            boolean disturbs = state.inside >= 0
                    && (step.what().equals("lets go") || step.what().equals("damages the latest change"));
            if (!(step.what().equals("fails") && writes) && !disturbs && !cuts) {
                choices.add(new Choice(step, next));
            }
        });
        return choices;
    }

    /** The real one goes in once it is known how far it comes. */
    private static int take(SectionReplay real, SectionState before, Choice chosen, List<Step> way) throws IOException {
        int p = chosen.step.process();
        Member me = before.members[p];
        boolean wasInside = before.inside == p;
        switch (chosen.step.what()) {
            case "start" -> real.start(p);
            case "rings", "sees it gone" -> {
                return 0;
            }
            case "damages the latest change" -> real.damage(before.latest());
            case "lets go" -> real.letGo(me.ticket, p);
            case "finds that nobody waits" -> real.findsThatNobodyWaits(p, me.ticket, way);
            case "reads the changes" ->
                real.isQuietSince(p, me.since, SectionMemory.isQuietSince(before, me.since), way);
            case "dies", "dies writing" -> {
                if (wasInside && me.at != At.REPAIR) {
                    stopped(real, p, me);
                }
                if (chosen.step.what().equals("dies writing")) {
                    real.tearNext();
                }
            }
            case "fails" -> stopped(real, p, me);
            default -> {
                if (chosen.next.inside == p) {
                    return 0;
                }
                Member about = wasInside ? me : enteredOnly(chosen);
                real.visit(p, about.errand, about.about, At.OUTSIDE);
            }
        }
        if (chosen.next.inside < 0) {
            real.agreesWith(chosen.next, p, way);
        }
        return 1;
    }

    /** It came and left in one step. */
    private static Member enteredOnly(Choice chosen) {
        Member member = new Member(0);
        member.errand = Errand.valueOf(chosen.step.what());
        member.about = chosen.step.number();
        return member;
    }

    private static void stopped(SectionReplay real, int p, Member me) {
        assertThatThrownBy(() -> real.visit(p, me.errand, me.about, me.at)).isNotNull();
    }
}
