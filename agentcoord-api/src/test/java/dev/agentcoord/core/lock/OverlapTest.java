package dev.agentcoord.core.lock;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.Item.glob;
import static dev.agentcoord.Item.name;
import static dev.agentcoord.Item.tree;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class OverlapTest {
    @Test
    void pathsOverlapWhereSomePathIsInBoth() {
        assertThat(Overlap.of(tree("src"), file("src/A.java"))).isTrue();
        assertThat(Overlap.of(glob("src/*/a"), glob("src/b/*"))).isTrue();
        assertThat(Overlap.of(tree("src"), file("docs/a"))).isFalse();
    }

    @Test
    void namesOverlapOnlyThemselvesAndNeverAPath() {
        assertThat(Overlap.of(name("a"), name("a"))).isTrue();
        assertThat(Overlap.of(name("a"), name("b"))).isFalse();
        assertThat(Overlap.of(name("a"), file("a"))).isFalse();
        assertThat(Overlap.of(file("a"), name("a"))).isFalse();
    }
}
