package dev.agentcoord.examples;

import dev.agentcoord.Condition;
import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.SharedState;
import dev.agentcoord.StateEvent;
import dev.agentcoord.Subscription;
import dev.agentcoord.TxnResult;
import dev.agentcoord.Wait;
import dev.agentcoord.Write;
import dev.agentcoord.fs.FsCoordinator;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Two sessions write one key; the one that read an old revision is refused, and nothing is overwritten unseen; then one writes two keys at once. */
public final class ShareState {
    private ShareState() {}

    /** Runs the example on the store directory given as the only argument. */
    public static void main(String[] args) throws InterruptedException {
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
            changeTogether(alice, bob);
        }
    }

    /** Alice writes two keys at once, only while she holds a lock; bob, who follows them, never misses the last value. */
    private static void changeTogether(Session alice, Session bob) throws InterruptedException {
        CountDownLatch seen = new CountDownLatch(1);
        Subscription following = bob.state().watch("release/", event -> {
            if (event instanceof StateEvent.Put put && put.value().text().equals("2.0")) {
                seen.countDown();
            }
        });
        try (Grant grant = alice.locks().acquire(LockRequest.exclusive(Item.name("release")), Wait.none())) {
            TxnResult result = alice.state()
                    .txn()
                    .when(Condition.requireHeld(grant), Condition.absent("release/next"))
                    .then(Write.put("release/current", bytes("2.0")), Write.put("release/next", bytes("2.1")))
                    .commit();
            System.out.println("both written: " + result.committed());
            System.out.println("bob heard: " + seen.await(1, TimeUnit.MINUTES));
        } finally {
            following.close();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
