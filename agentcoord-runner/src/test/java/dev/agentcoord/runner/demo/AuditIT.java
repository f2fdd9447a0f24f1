package dev.agentcoord.runner.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The auditor against small repositories made by hand, each with known damage. */
class AuditIT {
    private static final DemoTask FIRST = new DemoTask("task-001", List.of("a.txt", "b.txt"));
    private static final DemoTask SECOND = new DemoTask("task-002", List.of("a.txt"));
    private static final List<DemoTask> BOTH = List.of(FIRST, SECOND);

    @TempDir
    private Path directory;

    private Checkout checkout;
    private Audit audit;

    @BeforeEach
    void makeRepository() throws IOException, InterruptedException {
        Path root = Files.createDirectory(directory.resolve("repository"));
        checkout = new Checkout(root, new Commands(directory));
        checkout.git("init", "--quiet");
        write("a.txt", "one\n");
        write("b.txt", "two\n");
        commit("someone", "Begin");
        audit = new Audit(checkout, checkout.head());
    }

    @Test
    void work_done_once_by_one_agent_each_is_neither_lost_nor_double() throws IOException, InterruptedException {
        doFirstAndSecond();

        assertThat(audit.lostEdits(BOTH)).isZero();
        assertThat(audit.doubleClaims(BOTH)).isZero();
        assertThat(checkout.commitsSince(checkout.head())).isZero();
    }

    @Test
    void tasks_nobody_worked_on_are_lost() throws IOException, InterruptedException {
        assertThat(audit.lostEdits(BOTH)).isEqualTo(3);
    }

    @Test
    void an_edit_overwritten_by_a_later_commit_is_lost() throws IOException, InterruptedException {
        doFirstAndSecond();
        write("a.txt", "one\n" + marker("task-002", "agent-2"));
        commit("agent-2", "task-003: unrelated");

        assertThat(audit.lostEdits(BOTH)).isEqualTo(1);
    }

    @Test
    void an_edit_that_was_never_committed_is_lost() throws IOException, InterruptedException {
        doFirst();
        write("a.txt", "one\n" + marker("task-001", "agent-1") + marker("task-002", "agent-2"));

        assertThat(audit.lostEdits(BOTH)).isEqualTo(1);
    }

    @Test
    void a_committed_edit_overwritten_in_the_checkout_alone_is_lost() throws IOException, InterruptedException {
        doFirstAndSecond();
        write("b.txt", "two\n");

        assertThat(audit.lostEdits(BOTH)).isEqualTo(1);
    }

    @Test
    void the_edits_of_a_deleted_file_are_lost() throws IOException, InterruptedException {
        doFirstAndSecond();
        Files.delete(checkout.root().resolve("a.txt"));
        commit("agent-2", "task-003: unrelated");

        assertThat(audit.lostEdits(BOTH)).isEqualTo(2);
    }

    @Test
    void a_marker_of_a_longer_id_or_inside_a_line_does_not_count() throws IOException, InterruptedException {
        write("a.txt", marker("task-0021", "agent-1") + " " + marker("task-002", "agent-1"));
        commit("agent-1", "task-002: edit");

        assertThat(audit.lostEdits(List.of(SECOND))).isEqualTo(1);
    }

    @Test
    void a_task_committed_by_two_agents_is_double() throws IOException, InterruptedException {
        doFirstAndSecond();
        write("a.txt", checkout.onDisk("a.txt") + "more\n");
        commit("agent-3", "task-001: edit");

        assertThat(audit.doubleClaims(BOTH)).isEqualTo(1);
    }

    @Test
    void a_task_committed_twice_by_one_agent_is_double() throws IOException, InterruptedException {
        doFirstAndSecond();
        write("a.txt", checkout.onDisk("a.txt") + "more\n");
        commit("agent-1", "task-001: edit");

        assertThat(audit.doubleClaims(BOTH)).isEqualTo(1);
    }

    @Test
    void a_second_agents_work_swept_into_a_foreign_commit_is_double_even_when_overwritten_since()
            throws IOException, InterruptedException {
        doFirst();
        write("a.txt", checkout.onDisk("a.txt") + marker("task-001", "agent-4"));
        commit("agent-5", "task-003: unrelated");
        write("a.txt", "one\n" + marker("task-001", "agent-1"));
        commit("agent-5", "task-004: unrelated");

        assertThat(audit.doubleClaims(BOTH)).isEqualTo(1);
    }

    @Test
    void what_was_there_before_the_agents_began_does_not_count() throws IOException, InterruptedException {
        write("a.txt", marker("task-002", "agent-8"));
        commit("agent-8", "task-002: edit");
        audit = new Audit(checkout, checkout.head());
        write("a.txt", checkout.onDisk("a.txt") + marker("task-002", "agent-1"));
        commit("agent-1", "task-002: edit");

        assertThat(audit.doubleClaims(List.of(SECOND))).isZero();
    }

    private void doFirstAndSecond() throws IOException, InterruptedException {
        doFirst();
        write("a.txt", "one\n" + marker("task-001", "agent-1") + marker("task-002", "agent-2"));
        commit("agent-2", "task-002: edit a.txt");
    }

    private void doFirst() throws IOException, InterruptedException {
        write("a.txt", "one\n" + marker("task-001", "agent-1"));
        write("b.txt", "two\n" + marker("task-001", "agent-1"));
        commit("agent-1", "task-001: edit a.txt b.txt");
    }

    private void write(String file, String content) throws IOException {
        Files.writeString(checkout.root().resolve(file), content);
    }

    private void commit(String agent, String message) throws IOException, InterruptedException {
        checkout.git("add", "--all");
        checkout.git(
                "-c",
                "user.name=" + agent,
                "-c",
                "user.email=a@localhost",
                "commit",
                "--quiet",
                "--message=" + message);
    }

    private static String marker(String task, String agent) {
        return Audit.MARKER + " " + task + " " + agent + "\n";
    }
}
