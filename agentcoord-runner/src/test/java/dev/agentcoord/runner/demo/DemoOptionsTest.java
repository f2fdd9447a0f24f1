package dev.agentcoord.runner.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DemoOptionsTest {
    @Test
    void numbers_that_cannot_work_are_refused_with_those_that_can() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options(0, 40, false))
                .withMessage("--agents must be 1 to 32, not 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options(6, 1_001, false))
                .withMessage("--edits must be 1 to 1000, not 1001");
    }

    @Test
    void chaos_needs_an_agent_to_finish_the_work_of_the_dead() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options(2, 40, true))
                .withMessage("--chaos needs --agents 3 or more");
        assertThat(options(3, 40, true).agentNames()).containsExactly("agent-1", "agent-2", "agent-3");
    }

    @Test
    void the_project_is_where_the_launcher_is() {
        assertThat(options(1, 1, false).home()).isEqualTo(Path.of("/opt/project"));
    }

    private static DemoOptions options(int agents, int edits, boolean chaos) {
        return new DemoOptions(agents, edits, false, false, chaos, Path.of("/opt/project/agentcoord"));
    }
}
