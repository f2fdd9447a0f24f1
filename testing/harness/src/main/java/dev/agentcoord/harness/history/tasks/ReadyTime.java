package dev.agentcoord.harness.history.tasks;

import dev.agentcoord.TaskState;
import dev.agentcoord.harness.history.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A time during which a task certainly was ready, whatever the order of what overlaps.
 *
 * @param task that was
 * @param from when it had become ready at the latest
 * @param until when it was taken at the earliest
 */
record ReadyTime(TaskStory task, long from, long until) {
    boolean covers(Call call) {
        return from <= call.invoked() && until >= call.completed();
    }

    /** Finds them for one task; tasks with its ordering key that are or may be ahead of it hold it up. */
    static final class Finder {
        private final QueuePromise promise;
        private final UnheardClaims unheard;
        private final Function<String, List<TaskStory>> byKey;

        Finder(QueuePromise promise, UnheardClaims unheard, Function<String, List<TaskStory>> byKey) {
            this.promise = promise;
            this.unheard = unheard;
            this.byKey = byKey;
        }

        List<ReadyTime> of(TaskStory task) {
            List<ReadyTime> times = new ArrayList<>();
            TaskSpec spec = task.spec().orElse(null);
            if (spec == null || !task.isAcknowledged()) {
                return times;
            }
            long due = later(told(task), spec.delay());
            long from = Math.max(due, spec.key().map(key -> keyFree(key, task)).orElse(0L));
            Delivery before = null;
            for (Delivery next : task.deliveries) {
                int number = before == null ? 0 : before.number();
                if (next.number() == number + 1) {
                    add(times, task, from, next.claim().invoked());
                }
                from = overBy(next);
                before = next;
            }
            if (isStillThere(task, before)) {
                add(times, task, from, unheard.firstAfter(task.queue, from));
            }
            return times;
        }

        private static long told(TaskStory task) {
            return task.enqueues.stream()
                    .filter(each -> each.call().succeeded())
                    .mapToLong(each -> each.call().completed())
                    .min()
                    .orElse(Call.NEVER);
        }

        /** All tasks of the key that may have been enqueued before have certainly ended. */
        private long keyFree(String key, TaskStory task) {
            long free = 0;
            for (TaskStory other : byKey.apply(key)) {
                if (other != task && other.enqueuedFrom() < told(task)) {
                    free = Math.max(free, other.end().map(Call::completed).orElse(Call.NEVER));
                }
            }
            return free;
        }

        private long overBy(Delivery delivery) {
            long delay = 0;
            for (Finish each : delivery.finishes()) {
                if (each.call().mayHaveSucceeded()) {
                    delay = Math.max(delay, each.delay());
                }
            }
            return later(delivery.overBy(promise.grace().toNanos()), delay);
        }

        private long later(long time, long delay) {
            long wait = delay == 0 ? 0 : delay + promise.punctuality().toNanos();
            return time > Call.NEVER - wait ? Call.NEVER : time + wait;
        }

        /** Only what was looked at in the end is known not to have been taken by somebody who told nobody, and who did not give it back. */
        private static boolean isStillThere(TaskStory task, @Nullable Delivery last) {
            Remains remains = task.remains;
            return remains != null
                    && remains.state().equals(Optional.of(TaskState.READY))
                    && remains.attempt() <= (last == null ? 0 : last.attempt());
        }

        private static void add(List<ReadyTime> times, TaskStory task, long from, long until) {
            if (from < until) {
                times.add(new ReadyTime(task, from, until));
            }
        }
    }
}
