package dev.agentcoord.examples;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.Item.tree;

import dev.agentcoord.Claim;
import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.GrantLostException;
import dev.agentcoord.LockRequest;
import dev.agentcoord.NewTask;
import dev.agentcoord.Participant;
import dev.agentcoord.Recipient;
import dev.agentcoord.Session;
import dev.agentcoord.Wait;
import dev.agentcoord.fs.FsCoordinator;
import java.nio.file.Path;
import java.util.List;

/** Alice hands half-done work to Bob together with the files it is about: at no moment can Carol take one of them. */
public final class HandOffTask {
    private HandOffTask() {}

    /** Runs the example on the store directory given as the only argument. */
    public static void main(String[] args) throws InterruptedException {
        try (Coordinator space = FsCoordinator.open(Path.of(args[0]), "web-shop");
                Session alice = space.join(Participant.named("alice"));
                Session bob = space.join(Participant.named("bob"));
                Session carol = space.join(Participant.named("carol"))) {
            alice.queue("hand-offs").enqueue(NewTask.of("rename field"));

            Claim half = alice.queue("hand-offs").claim(Wait.none());
            Grant file = alice.locks()
                    .acquire(LockRequest.exclusive(file("src/User.java")).under(half), Wait.none());
            Grant own = alice.locks().acquire(LockRequest.exclusive(tree("src/gen")), Wait.none());
            var token = file.token();
            half.handoff(Recipient.agent("bob"), "tests are missing", List.of(own));

            System.out.println("carol gets in between: "
                    + carol.locks()
                            .tryAcquire(LockRequest.exclusive(tree("src")))
                            .isPresent());
            try {
                file.check();
            } catch (GrantLostException e) {
                System.out.println("alice is told: " + e.getMessage());
            }

            Claim rest = bob.queue("hand-offs").claim(Wait.none());
            System.out.println("bob reads: " + rest.task().outcome());
            System.out.println("bob holds "
                    + rest.grants().stream()
                            .map(grant -> grant.request().toString())
                            .toList());
            System.out.println(
                    "bob's token is larger: " + (rest.grants().get(0).token().compareTo(token) > 0));
            rest.complete("merged as 1a2b3c");
            System.out.println("left when the task is done: " + space.locks().size());
        }
    }
}
