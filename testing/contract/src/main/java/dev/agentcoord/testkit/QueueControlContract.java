package dev.agentcoord.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.Claim;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.NewTask;
import dev.agentcoord.QueueFullException;
import dev.agentcoord.QueueSettings;
import dev.agentcoord.Retry;
import dev.agentcoord.StaleClaimException;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskPage;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.TaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is done to a queue beside working on it, and what is to be seen of it. */
public abstract class QueueControlContract extends Contract {
    /** For a backend's test class. */
    protected QueueControlContract() {}

    @Test
    void a_full_queue_takes_no_more_until_something_ends() {
        TaskQueue queue = join("alice").queue("work");
        queue.control().configure(QueueSettings.defaults().maxDepth(2));
        queue.enqueue(NewTask.of("1"));
        queue.enqueue(NewTask.of("2"));

        assertThatThrownBy(() -> queue.enqueue(NewTask.of("3")))
                .isInstanceOf(QueueFullException.class)
                .hasMessageContaining("work");
        claim(queue).complete("");
        assertThatThrownBy(() -> queue.enqueueAll(List.of(NewTask.of("3"), NewTask.of("4"))))
                .isInstanceOf(QueueFullException.class);
        queue.enqueue(NewTask.of("3"));

        assertThat(queue.depth()).containsEntry(TaskState.READY, 2);
    }

    @Test
    void one_session_cannot_fill_a_queue_for_the_others() {
        TaskQueue alice = join("alice").queue("work");
        TaskQueue bob = join("bob").queue("work");
        alice.control().configure(QueueSettings.defaults().maxPerSession(1));
        alice.enqueue(NewTask.of("1"));

        assertThatThrownBy(() -> alice.enqueue(NewTask.of("2"))).isInstanceOf(QueueFullException.class);
        bob.enqueue(NewTask.of("2"));
        claim(bob).complete("");
        alice.enqueue(NewTask.of("3"));

        assertThat(alice.depth()).containsEntry(TaskState.READY, 2);
    }

    @Test
    void a_drained_queue_takes_nothing_and_gives_what_it_has() {
        TaskQueue queue = join("alice").queue("work");
        queue.enqueue(NewTask.of("1"));
        queue.control().drain();

        assertThatThrownBy(() -> queue.enqueue(NewTask.of("2"))).isInstanceOf(QueueFullException.class);
        claim(queue).complete("");
        queue.control().resume();
        queue.enqueue(NewTask.of("2"));
    }

    @Test
    void a_paused_queue_gives_nothing_and_lets_what_is_claimed_go_on() {
        TaskQueue alice = join("alice").queue("work");
        TaskQueue bob = join("bob").queue("work");
        alice.enqueue(NewTask.of("1"));
        Claim claim = claim(bob);
        alice.control().pause();
        alice.enqueue(NewTask.of("2"));

        assertThat(bob.tryClaim()).isEmpty();
        claim.complete("");
        bob.control().resume();
        assertThat(claim(bob).task().payloadText()).isEqualTo("2");
    }

    @Test
    void a_cancelled_task_is_delivered_to_nobody() {
        TaskQueue queue = join("alice").queue("work");
        TaskId id = queue.enqueue(NewTask.of("1")).id();

        assertThat(queue.control().cancel(id, "not needed")).isTrue();

        assertThat(queue.tryClaim()).isEmpty();
        assertThat(queue.find(id).orElseThrow().outcome()).isEqualTo("not needed");
        assertThat(queue.control().cancel(id, "again")).isFalse();
    }

    @Test
    void cancelling_a_claimed_task_makes_its_claim_stale() {
        TaskQueue queue = join("alice").queue("work");
        TaskId id = queue.enqueue(NewTask.of("1")).id();
        Claim claim = claim(queue);

        queue.control().cancel(id, "not needed");

        assertThatThrownBy(() -> claim.complete("built")).isInstanceOf(StaleClaimException.class);
        assertThat(queue.find(id).orElseThrow().state()).isEqualTo(TaskState.CANCELLED);
    }

    @Test
    void a_done_task_is_not_cancelled() {
        TaskQueue queue = join("alice").queue("work");
        TaskId id = queue.enqueue(NewTask.of("1")).id();
        claim(queue).complete("built");

        assertThat(queue.control().cancel(id, "too late")).isFalse();
        assertThat(queue.find(id).orElseThrow().outcome()).isEqualTo("built");
    }

    @Test
    void a_redriven_dead_letter_has_all_its_attempts_again() {
        TaskQueue queue = join("alice").queue("work");
        TaskId id = queue.enqueue(NewTask.of("1").maxAttempts(2)).id();
        Claim first = claim(queue);
        first.fail("no disk", Retry.never());

        assertThat(queue.control().redrive(id)).isTrue();

        Claim again = claim(queue);
        assertThat(again.task().attempt()).isEqualTo(1);
        assertThat(again.token()).isGreaterThan(first.token());
        assertThat(queue.control().redrive(id)).as("it is not dead").isFalse();
    }

    @Test
    void a_redriven_dead_letter_goes_before_those_of_its_ordering_key_that_wait_for_it() {
        TaskQueue queue = join("alice").queue("work");
        TaskId first =
                queue.enqueue(NewTask.of("1").orderingKey("K").maxAttempts(1)).id();
        queue.enqueue(NewTask.of("2").orderingKey("K").dependsOn(Set.of(first)));
        queue.enqueue(NewTask.of("3").orderingKey("K"));
        claim(queue).fail("no disk", Retry.never());
        assertThat(queue.tryClaim())
                .as("the second waits for the first, the third for the second")
                .isEmpty();

        assertThat(queue.control().redrive(first)).isTrue();

        for (String next : List.of("1", "2", "3")) {
            Claim claim = claim(queue);
            assertThat(claim.task().payloadText()).isEqualTo(next);
            assertThat(queue.tryClaim()).isEmpty();
            claim.complete("");
        }
        assertThat(queue.status().pending()).isZero();
    }

    @Test
    void what_is_not_there_is_neither_cancelled_nor_redriven() {
        TaskQueue queue = join("alice").queue("work");
        TaskId unknown = new TaskId("nobody");

        assertThatThrownBy(() -> queue.control().cancel(unknown, "why")).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> queue.control().redrive(unknown)).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void a_cursor_that_no_page_ended_with_is_refused() {
        TaskQueue queue = join("alice").queue("work");
        queue.enqueue(NewTask.of("task"));

        for (TaskState state : TaskState.values()) {
            assertThatThrownBy(() -> queue.list(state, "garbage", 5))
                    .as(state.name())
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("garbage");
        }
    }

    @Test
    void a_listing_comes_in_pages_without_gaps_or_repetitions() {
        TaskQueue queue = join("alice").queue("work");
        queue.enqueueAll(IntStream.range(0, 7)
                .mapToObj(i -> NewTask.of("task " + i).priority(i % 2))
                .toList());

        List<String> all = new ArrayList<>();
        TaskPage page = queue.list(TaskState.READY, "", 3);
        page.tasks().forEach(task -> all.add(task.payloadText()));
        while (page.next().isPresent() && all.size() < 100) {
            page = queue.list(TaskState.READY, page.next().get(), 3);
            page.tasks().forEach(task -> all.add(task.payloadText()));
        }

        assertThat(all).containsExactly("task 0", "task 2", "task 4", "task 6", "task 1", "task 3", "task 5");
    }

    @Test
    void the_age_of_the_oldest_ready_task_is_told() {
        TaskQueue queue = join("alice").queue("work");
        assertThat(queue.status().oldest()).isEmpty();

        TaskInfo task = queue.enqueue(NewTask.of("1"));

        assertThat(queue.status().oldest()).isPresent();
        assertThat(queue.status().pending()).isEqualTo(1);
        queue.control().cancel(task.id(), "not needed");
        assertThat(queue.status().oldest()).isEmpty();
    }
}
