package dev.agentcoord.runner.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class OriginTest {
    @Test
    void oneLocalRepositoryHasOneNameHoweverItIsSpelt() {
        assertThat(List.of(
                        "/srv/repo",
                        "/srv/./repo",
                        "/srv/repo/.",
                        "/srv/x/../repo.git",
                        "/srv/repo/",
                        "file:///srv/repo"))
                .extracting(Origin::normal)
                .containsOnly("/srv/repo");
    }

    @Test
    void oneRemoteRepositoryHasOneNameHoweverItIsReached() {
        assertThat(List.of("https://Host/org/repo.git", "git@host:org/repo", "ssh://git@host:22/org/repo.git/"))
                .extracting(Origin::normal)
                .containsOnly("host/org/repo");
    }

    @Test
    void othersHaveOtherNames() {
        assertThat(Origin.normal("/srv/repo2")).isNotEqualTo(Origin.normal("/srv/repo"));
    }
}
