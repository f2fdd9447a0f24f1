package dev.agentcoord.examples;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.SharedState;
import dev.agentcoord.fs.FsCoordinator;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Two sessions write one key; the one that read an old revision is refused, and nothing is overwritten unseen. */
public final class ShareState {
    private ShareState() {}

    /** Runs the example on the store directory given as the only argument. */
    public static void main(String[] args) {
        try (Coordinator space = FsCoordinator.open(Path.of(args[0]), "web-shop");
                Session alice = space.join(Participant.named("alice"));
                Session bob = space.join(Participant.named("bob"))) {
            SharedState state = alice.state();
            long read = state.put("build/status", bytes("green"));
            bob.state().compareAndSet("build/status", read, bytes("red"));
            boolean written =
                    state.compareAndSet("build/status", read, bytes("green")).isPresent();
            System.out.println("alice overwrote bob: " + written);
            System.out.println(
                    "build/status: " + state.get("build/status").orElseThrow().text());
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
