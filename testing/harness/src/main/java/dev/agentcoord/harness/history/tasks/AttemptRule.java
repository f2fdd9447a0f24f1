package dev.agentcoord.harness.history.tasks;

import dev.agentcoord.harness.history.Violation;
import dev.agentcoord.harness.history.Violation.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Every delivery counts as an attempt unless it was given back, as one is that nobody heard of while its claimer's session lived; a task
 * has no more attempts than it was given.
 */
final class AttemptRule {
    private final List<Violation> found = new ArrayList<>();

    List<Violation> check(TaskStories stories) {
        for (TaskStory story : stories.all()) {
            int least = 0;
            int most = 0;
            int number = 0;
            for (Delivery each : story.deliveries) {
                int unheard = each.number() - number - 1;
                int givenBack = Math.min(unheard, stories.unheard().mayBeGivenBack(story.queue));
                check(story, each, least + 1 + unheard - givenBack, most + 1 + unheard);
                boolean released = isReleased(each);
                boolean maybe = released || (each.accepted() == null && each.mayHave(Finish.Way.RELEASE));
                least = each.attempt() - (maybe ? 1 : 0);
                most = each.attempt() - (released ? 1 : 0);
                number = each.number();
            }
        }
        return found;
    }

    private void check(TaskStory story, Delivery delivery, int least, int most) {
        int attempt = delivery.attempt();
        if (attempt < least || attempt > most || attempt > story.maxAttempts()) {
            String expected = least == most ? "" + least : least + " or " + most;
            found.add(new Violation(
                    Kind.ATTEMPT_WRONG,
                    delivery + ", expected " + expected + " of " + story.maxAttempts() + ": " + story));
        }
    }

    private static boolean isReleased(Delivery delivery) {
        Finish accepted = delivery.accepted();
        return accepted != null && accepted.way() == Finish.Way.RELEASE;
    }
}
