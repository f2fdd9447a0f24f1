package dev.agentcoord.runner.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DemoTaskTest {
    private static final List<String> FILES = List.of("a", "b", "c");

    @Test
    void tasks_have_the_edits_asked_for_and_ids_of_their_own() {
        List<DemoTask> tasks = DemoTask.random(7, FILES, new Random(1));

        assertThat(tasks.stream().mapToInt(task -> task.files().size()).sum()).isEqualTo(7);
        assertThat(tasks).extracting(DemoTask::id).containsExactly("task-001", "task-002", "task-003", "task-004");
    }

    @Test
    void a_task_names_each_file_once() {
        assertThat(DemoTask.random(100, FILES, new Random(1)))
                .allSatisfy(
                        task -> assertThat(task.files()).doesNotHaveDuplicates().isSubsetOf(FILES));
    }

    @Test
    void one_file_is_enough() {
        assertThat(DemoTask.random(2, List.of("a"), new Random(1)))
                .extracting(DemoTask::line)
                .containsExactly("task-001 a", "task-002 a");
    }
}
