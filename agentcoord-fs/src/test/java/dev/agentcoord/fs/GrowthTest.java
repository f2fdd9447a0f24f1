package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.Participant;
import dev.agentcoord.SessionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is remembered of things that come and go does not grow with all that ever were. */
final class GrowthTest extends JoinedSpace {
    @Test
    void whatIsGoneIsForgottenOnceThereIsMuchAndWhatIsThereStays() {
        Growth growth = new Growth(10);
        Map<Integer, String> memory = new HashMap<>();
        Set<Integer> there = new HashSet<>(Set.of(3, 5));
        int most = 0;
        for (int i = 0; i < 1_000; i++) {
            memory.put(i, "");
            growth.trim(memory, key -> !there.contains(key));
            most = Math.max(most, memory.size());
        }
        assertThat(most).isEqualTo(10);
        assertThat(memory).containsKeys(3, 5);
    }

    @Test
    void sessionsThatHaveEndedAreForgottenWhereSomeAreRemembered() throws IOException {
        SessionDirectory sessions = new SessionDirectory(space.layout(), 3);
        Path first = space.sessions().path(session.info().id());
        assertThat(sessions.find(session.info().id())).isPresent();
        for (int i = 0; i < 10; i++) {
            SessionId id = backend.join(Participant.named("guest"), new Peer.Silent())
                    .info()
                    .id();
            assertThat(sessions.find(id)).isPresent();
            Files.delete(sessions.path(id));
        }
        assertThat(sessions.size()).isLessThanOrEqualTo(3);
        assertThat(first).exists();
        assertThat(sessions.remembered(session.info().id())).isPresent();
    }
}
