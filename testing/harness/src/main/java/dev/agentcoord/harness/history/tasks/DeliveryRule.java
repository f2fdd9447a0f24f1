package dev.agentcoord.harness.history.tasks;

import dev.agentcoord.harness.history.Violation;
import dev.agentcoord.harness.history.Violation.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A task is delivered only after somebody enqueued it, not before its time, to one claimer at a time, under rising numbers without gaps,
 * and never after its end. A number that is missing was given to a claim whose answer nobody heard.
 */
final class DeliveryRule {
    /** Due times are wall time in milliseconds. */
    private static final long COARSENESS = Duration.ofMillis(5).toNanos();

    private final TaskStories stories;
    private final List<Violation> found = new ArrayList<>();

    DeliveryRule(TaskStories stories) {
        this.stories = stories;
    }

    List<Violation> check() {
        for (TaskStory story : stories.all()) {
            checkFirst(story);
            for (int i = 1; i < story.deliveries.size(); i++) {
                checkPair(story, story.deliveries.get(i - 1), story.deliveries.get(i));
            }
        }
        return found;
    }

    private void checkFirst(TaskStory story) {
        if (story.deliveries.isEmpty()) {
            return;
        }
        Delivery first = story.deliveries.get(0);
        long from = story.enqueuedFrom();
        if (first.claim().completed() < from) {
            found.add(new Violation(Kind.OUT_OF_NOTHING, first.toString()));
        } else {
            checkTime(first, from, story.spec().map(TaskSpec::delay).orElse(0L));
        }
        checkGap(story, from, 0, first);
    }

    private void checkPair(TaskStory story, Delivery one, Delivery next) {
        boolean numbersRise = next.number() > one.number() && next.token().compareTo(one.token()) > 0;
        if (!numbersRise || next.claim().precedes(one.claim())) {
            add(Kind.DELIVERY_NUMBER, one, next);
        }
        if (next.claim().completed() < one.heldUntil()) {
            add(Kind.DELIVERED_TWICE, one, next);
        }
        Finish accepted = one.accepted();
        if (accepted != null && accepted.ends(one.attempt(), story.maxAttempts())) {
            add(Kind.DELIVERED_AFTER_END, one, next);
        } else if (accepted != null) {
            checkTime(next, accepted.call().invoked(), accepted.delay());
        }
        checkGap(story, one.claim().invoked(), one.number(), next);
    }

    private void checkTime(Delivery delivery, long from, long delay) {
        if (delay > COARSENESS && delivery.claim().completed() < from + delay - COARSENESS) {
            found.add(new Violation(Kind.DELIVERED_TOO_EARLY, delivery + " at " + delay + " ns after " + from));
        }
    }

    private void checkGap(TaskStory story, long since, int before, Delivery next) {
        int missing = next.number() - before - 1;
        if (missing > 0
                && !stories.unheard().explain(story.queue, since, next.claim().completed(), missing)) {
            found.add(new Violation(Kind.DELIVERY_NUMBER, missing + " missing before " + next));
        }
    }

    private void add(Kind kind, Delivery one, Delivery next) {
        found.add(new Violation(kind, one + " / " + next));
    }
}
