package dev.agentcoord.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

final class RequirementTest {

    private static final Map<String, String> LENIENT = Map.of();
    private static final Map<String, String> STRICT = Map.of(Requirement.REQUIRE, "all");

    @Test
    void lets_the_test_run_when_the_machine_has_what_it_needs() {
        assertThatCode(() -> Requirement.require(true, "water", "open the tap", STRICT))
                .doesNotThrowAnyException();
    }

    @Test
    void skips_with_what_is_missing_and_the_command_that_enables_it() {
        assertThatThrownBy(() -> Requirement.require(false, "water", "open the tap", LENIENT))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageEndingWith("needs water; to run it: open the tap");
    }

    @Test
    void fails_instead_of_skipping_where_everything_is_required() {
        assertThatThrownBy(() -> Requirement.require(false, "water", "open the tap", STRICT))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("needs water; to run it: open the tap");
    }

    @Test
    void creates_users_only_as_root_and_only_when_asked_to() {
        Map<String, String> asked = Map.of(Requirement.USERS, "1");

        assertThat(Requirement.mayCreateUsers(true, asked)).isTrue();
        assertThat(Requirement.mayCreateUsers(false, asked)).isFalse();
        assertThat(Requirement.mayCreateUsers(true, LENIENT)).isFalse();
    }

    @Test
    void finds_no_command_on_a_path_that_is_not_set() {
        assertThat(Requirement.isOnPath("sh", null)).isFalse();
    }

    @Test
    void takes_the_docker_socket_from_the_environment_when_it_names_one() {
        assertThat(Requirement.dockerSocket("unix:///run/user/1000/docker.sock"))
                .isEqualTo(Path.of("/run/user/1000/docker.sock"));
        assertThat(Requirement.dockerSocket(null)).isEqualTo(Path.of("/var/run/docker.sock"));
    }
}
