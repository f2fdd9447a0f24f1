package dev.agentcoord;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.Item.glob;
import static dev.agentcoord.Item.name;
import static dev.agentcoord.Item.pool;
import static dev.agentcoord.Item.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LockRequestTest {
    @Test
    void oneRequestMixesEveryKindOfItem() {
        LockRequest request = LockRequest.exclusive(file("src/User.java"), tree("src/gen"))
                .andShared(glob("**/*.proto"))
                .andExclusive(name("git:index"))
                .andPermits(pool("build", 2), 1)
                .reason("TASK-42 rename field");
        assertThat(request.items()).hasSize(4).containsEntry(glob("**/*.proto"), Mode.SHARED);
        assertThat(request.permits()).containsEntry(pool("build", 2), 1);
        assertThat(request.reason()).isEqualTo("TASK-42 rename field");
        assertThat(request)
                .hasToString("src/User.java, src/gen/, shared glob:**/*.proto, name:git:index, 1 of pool:build/2");
    }

    @Test
    void spellingsOfOnePathAreOneItem() {
        assertThat(LockRequest.exclusive(file("./src/A.java"), file("src//A.java"), file("src/b/../A.java"))
                        .items())
                .containsOnlyKeys(file("src/A.java"));
    }

    @Test
    void anItemAskedForTwiceIsHeldInTheStrongerMode() {
        assertThat(LockRequest.exclusive(file("a")).andShared(file("a")).items())
                .containsEntry(file("a"), Mode.EXCLUSIVE);
        assertThat(LockRequest.shared(file("a")).andExclusive(file("a")).items())
                .containsEntry(file("a"), Mode.EXCLUSIVE);
    }

    @Test
    void addingLeavesTheFirstRequestAsItWas() {
        LockRequest first = LockRequest.exclusive(file("a"));
        assertThat(first.andExclusive(file("b")).items()).hasSize(2);
        assertThat(first.items()).hasSize(1);
    }

    @Test
    void moreThan256ItemsAreRefusedBeforeAnythingIsSent() {
        Item[] many = IntStream.range(0, 257).mapToObj(i -> file("f" + i)).toArray(Item[]::new);
        assertThatThrownBy(() -> LockRequest.exclusive(many))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("256");
    }

    @Test
    void permitsBeyondThePoolsCapacityAreRefused() {
        assertThatThrownBy(() -> LockRequest.permits(pool("build", 2), 3)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> LockRequest.permits(pool("build", 2), 0)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> LockRequest.permits(pool("build", 2), 2).andPermits(pool("build", 2), 1))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> LockRequest.permits(pool("build", 2), 1).andPermits(pool("build", 3), 1))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("two capacities");
    }

    @Test
    void aReasonIsOneShortLine() {
        assertThatThrownBy(() -> LockRequest.empty().reason("two\nlines")).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> LockRequest.empty().reason("half \ud83d a pair"))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> LockRequest.empty().reason("é".repeat(513)))
                .isInstanceOf(LimitExceededException.class);
    }

    @Test
    void pathsOutOfTheRootAndEmptyNamesAreRefused() {
        for (String path : new String[] {"../x", "a/../../x", "/etc/passwd", ".", ""}) {
            assertThatThrownBy(() -> file(path)).as("'%s'", path).isInstanceOf(InvalidRequestException.class);
        }
        assertThatThrownBy(() -> name("")).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> name("a\u0000b")).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> name("x".repeat(513))).isInstanceOf(LimitExceededException.class);
        assertThatThrownBy(() -> pool("p", 0)).isInstanceOf(InvalidRequestException.class);
    }
}
