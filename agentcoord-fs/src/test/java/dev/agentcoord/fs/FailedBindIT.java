package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A lock that becomes its task's, and takes a body on the way, where the last step fails. */
final class FailedBindIT extends JoinedSpace {
    @Test
    void aLockThatCouldNotBeBoundIsStillItsSessions() throws IOException {
        Ticket mine =
                place(LockRequest.exclusive(Item.file("a".repeat(150))), false).ticket();
        Ticket bound = mine.of(new Owner(Owner.Kind.TASK, "work/" + "t".repeat(60)), 1);
        String name = space.files().nameOf(bound);
        assertThat(name).endsWith("~body");
        Path inTheWay = Files.createDirectory(space.files().path(name));
        Path body = space.files().writeBody(bound, session.info().id());

        assertThatThrownBy(() -> space.section().run(turn -> {
                    space.book().bind(turn, mine, bound, body);
                    return bound;
                }))
                .hasMessageContaining(name);

        Files.delete(inTheWay);
        assertThat(space.files().isGenuine(mine)).isTrue();
        assertThat(session.tickets().lossOf(mine)).isNull();
        assertThat(session.tickets().remove(mine)).isTrue();
        assertThat(Disk.list(space.layout().tmp())).isEmpty();
    }
}
