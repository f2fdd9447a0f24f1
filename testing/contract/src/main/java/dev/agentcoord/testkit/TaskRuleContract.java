package dev.agentcoord.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.Claim;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.NewTask;
import dev.agentcoord.Participant;
import dev.agentcoord.Retry;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.TaskState;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Which task may be claimed, when and by whom: priorities, delays, ordering keys, dependencies, targets and
 * capabilities.
 */
public abstract class TaskRuleContract extends Contract {
    /** For a backend's test class. */
    protected TaskRuleContract() {}

    @Test
    void of_one_ordering_key_one_task_at_a_time_is_ready_in_the_order_enqueued() {
        TaskQueue queue = join("alice").queue("work");
        for (int i = 1; i <= 3; i++) {
            queue.enqueue(NewTask.of("deploy " + i).orderingKey("deploy"));
        }
        queue.enqueue(NewTask.of("something else"));

        assertThat(queue.depth()).containsEntry(TaskState.READY, 2).containsEntry(TaskState.BLOCKED, 2);
        Claim first = claim(queue);
        assertThat(first.task().payloadText()).isEqualTo("deploy 1");
        assertThat(claim(queue).task().payloadText()).isEqualTo("something else");
        assertThat(queue.tryClaim()).isEmpty();
        first.complete("");
        Claim second = claim(queue);
        assertThat(second.task().payloadText()).isEqualTo("deploy 2");
        second.complete("");
        assertThat(claim(queue).task().payloadText()).isEqualTo("deploy 3");
    }

    @Test
    void the_next_of_an_ordering_key_comes_however_the_first_one_ends() {
        TaskQueue queue = join("alice").queue("work");
        queue.enqueue(NewTask.of("dies").orderingKey("deploy"));
        TaskId unwanted =
                queue.enqueue(NewTask.of("unwanted").orderingKey("deploy")).id();
        queue.enqueue(NewTask.of("last").orderingKey("deploy"));

        claim(queue).fail("no disk", Retry.never());
        queue.control().cancel(unwanted, "not needed");

        assertThat(claim(queue).task().payloadText()).isEqualTo("last");
    }

    @Test
    void a_task_between_two_attempts_keeps_its_ordering_key() {
        TaskQueue queue = join("alice").queue("work");
        queue.enqueue(NewTask.of("deploy 1").orderingKey("deploy"));
        queue.enqueue(NewTask.of("deploy 2").orderingKey("deploy"));

        claim(queue).fail("no network", Retry.after(Duration.ofHours(1)));

        assertThat(queue.tryClaim()).isEmpty();
        queue.enqueue(NewTask.of("deploy 3").orderingKey("deploy"));
        assertThat(queue.depth()).containsEntry(TaskState.BLOCKED, 2);
    }

    @Test
    void a_task_for_an_agent_goes_to_that_agent_alone() {
        TaskQueue alice = join("alice").queue("work");
        TaskQueue bob = join("bob").queue("work");
        alice.enqueue(NewTask.of("for bob").target("bob"));

        assertThat(alice.tryClaim()).isEmpty();
        assertThat(claim(bob).task().payloadText()).isEqualTo("for bob");
    }

    @Test
    void a_task_goes_to_one_who_has_all_it_requires() {
        TaskQueue reviewer =
                join(Participant.named("rita").capabilities(Set.of("review"))).queue("work");
        TaskQueue both = join(Participant.named("bea").capabilities(Set.of("java", "review")))
                .queue("work");
        reviewer.enqueue(NewTask.of("review java").requires(Set.of("java", "review")));

        assertThat(reviewer.tryClaim()).isEmpty();
        assertThat(claim(both).task().payloadText()).isEqualTo("review java");
    }

    @Test
    void what_is_for_others_is_in_nobodys_way_and_order_holds_over_all_that_is_his() {
        TaskQueue alice = join("alice").queue("work");
        alice.enqueue(NewTask.of("for bob").target("bob").priority(0));
        alice.enqueue(NewTask.of("first"));
        alice.enqueue(NewTask.of("second").target("alice"));
        alice.enqueue(NewTask.of("third"));

        assertThat(List.of(claim(alice), claim(alice), claim(alice)))
                .extracting(claim -> claim.task().payloadText())
                .containsExactly("first", "second", "third");
    }

    @Test
    void a_task_waits_until_all_it_depends_on_is_done() {
        TaskQueue queue = join("alice").queue("work");
        TaskId compile = queue.enqueue(NewTask.of("compile")).id();
        TaskId test =
                queue.enqueue(NewTask.of("test").dependsOn(Set.of(compile))).id();
        queue.enqueue(NewTask.of("release").dependsOn(Set.of(compile, test)));

        assertThat(queue.depth()).containsEntry(TaskState.BLOCKED, 2);
        Claim first = claim(queue);
        assertThat(queue.tryClaim()).isEmpty();
        first.complete("");
        Claim second = claim(queue);
        assertThat(second.task().payloadText()).isEqualTo("test");
        assertThat(queue.tryClaim()).isEmpty();
        second.complete("");
        assertThat(claim(queue).task().payloadText()).isEqualTo("release");
        queue.enqueue(NewTask.of("announce").dependsOn(Set.of(compile)));
        assertThat(claim(queue).task().payloadText()).isEqualTo("announce");
    }

    @Test
    void a_dead_letter_is_waited_for_until_it_is_redriven_and_done() {
        TaskQueue queue = join("alice").queue("work");
        TaskId compile = queue.enqueue(NewTask.of("compile")).id();
        TaskId test =
                queue.enqueue(NewTask.of("test").dependsOn(Set.of(compile))).id();
        claim(queue).fail("no compiler", Retry.never());

        assertThat(queue.find(test).orElseThrow().state()).isEqualTo(TaskState.BLOCKED);
        queue.control().redrive(compile);
        claim(queue).complete("");

        assertThat(claim(queue).task().id()).isEqualTo(test);
    }

    @Test
    void cancelling_a_task_cancels_all_that_depends_on_it() {
        TaskQueue queue = join("alice").queue("work");
        TaskId compile = queue.enqueue(NewTask.of("compile")).id();
        TaskId test =
                queue.enqueue(NewTask.of("test").dependsOn(Set.of(compile))).id();
        TaskId release =
                queue.enqueue(NewTask.of("release").dependsOn(Set.of(test))).id();

        queue.control().cancel(compile, "not needed");

        assertThat(queue.find(test).orElseThrow().outcome()).contains(compile.text());
        assertThat(queue.find(release).orElseThrow().state()).isEqualTo(TaskState.CANCELLED);
        assertThat(queue.depth()).containsEntry(TaskState.CANCELLED, 3).containsEntry(TaskState.BLOCKED, 0);
    }

    @Test
    void nothing_depends_on_what_is_unknown_or_cancelled() {
        TaskQueue queue = join("alice").queue("work");
        TaskId cancelled = queue.enqueue(NewTask.of("compile")).id();
        queue.control().cancel(cancelled, "not needed");

        for (TaskId id : List.of(new TaskId("nobody"), cancelled)) {
            assertThatThrownBy(() -> queue.enqueue(NewTask.of("test").dependsOn(Set.of(id))))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining(id.text());
        }
        assertThat(queue.depth()).containsEntry(TaskState.BLOCKED, 0).containsEntry(TaskState.READY, 0);
    }

    @Test
    void a_dedup_key_finds_the_task_that_has_not_ended_and_makes_another_after_that() {
        TaskQueue queue = join("alice").queue("work");
        TaskInfo first = queue.enqueue(NewTask.of("index").dedupKey("index"));

        assertThat(queue.enqueue(NewTask.of("index").dedupKey("index")).id()).isEqualTo(first.id());
        Claim claim = claim(queue);
        assertThat(queue.enqueue(NewTask.of("index").dedupKey("index")).id()).isEqualTo(first.id());
        claim.complete("");
        assertThat(queue.enqueue(NewTask.of("index").dedupKey("index")).id()).isNotEqualTo(first.id());
        assertThat(queue.depth()).containsEntry(TaskState.READY, 1);
    }

    @Test
    void a_batch_is_added_in_its_order_or_not_at_all() {
        TaskQueue queue = join("alice").queue("work");
        TaskId first = new TaskId("first");
        List<NewTask> good = List.of(
                NewTask.of("1").id(first),
                NewTask.of("2"),
                NewTask.of("1 again").id(first),
                NewTask.of("3").dependsOn(Set.of(first)));
        List<NewTask> bad = List.of(NewTask.of("4"), NewTask.of("5").dependsOn(Set.of(new TaskId("nobody"))));

        List<TaskInfo> added = queue.enqueueAll(good);
        assertThatThrownBy(() -> queue.enqueueAll(bad)).isInstanceOf(InvalidRequestException.class);

        assertThat(added).extracting(TaskInfo::payloadText).containsExactly("1", "2", "1", "3");
        assertThat(queue.list(TaskState.READY, 10))
                .extracting(TaskInfo::payloadText)
                .containsExactly("1", "2");
        assertThat(queue.depth()).containsEntry(TaskState.BLOCKED, 1);
    }
}
