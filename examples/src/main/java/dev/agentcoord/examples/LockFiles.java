package dev.agentcoord.examples;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.Item.glob;
import static dev.agentcoord.Item.tree;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.Wait;
import dev.agentcoord.WaitTimeoutException;
import dev.agentcoord.fs.FsCoordinator;
import java.nio.file.Path;
import java.time.Duration;

/** Two sessions want overlapping files: one waits, is told who is in its way, and gets them when the other is done. */
public final class LockFiles {
    private LockFiles() {}

    /** Runs the example on the store directory given as the only argument. */
    public static void main(String[] args) throws InterruptedException {
        try (Coordinator space = FsCoordinator.open(Path.of(args[0]), "web-shop");
                Session alice = space.join(Participant.named("alice"));
                Session bob = space.join(Participant.named("bob"))) {
            Grant grant = alice.locks()
                    .acquire(
                            LockRequest.exclusive(file("src/User.java"), tree("src/gen"))
                                    .andShared(glob("**/*.proto"))
                                    .reason("rename field"),
                            Wait.none());
            System.out.println("alice holds " + grant.request());

            LockRequest overlapping = LockRequest.exclusive(file("src/gen/User.java"));
            try {
                bob.locks().acquire(overlapping, Wait.upTo(Duration.ofMillis(100)));
            } catch (WaitTimeoutException e) {
                System.out.println("bob " + e.getMessage());
            }

            grant.release();
            try (Grant mine = bob.locks().acquire(overlapping, Wait.upTo(Duration.ofSeconds(10)))) {
                System.out.println("bob's token is larger: " + (mine.token().compareTo(grant.token()) > 0));
            }
        }
    }
}
