package dev.agentcoord.examples;

import static dev.agentcoord.Item.file;

import dev.agentcoord.Coordinator;
import dev.agentcoord.FencingToken;
import dev.agentcoord.Grant;
import dev.agentcoord.GrantLostException;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.Wait;
import dev.agentcoord.fs.FsCoordinator;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A lock is stolen from a holder that hangs: the holder hears of it before it writes, and a file that checks tokens refuses it anyway. */
public final class SurviveLoss {
    private FencingToken newest = new FencingToken(0, 0, 0);

    private SurviveLoss() {}

    /** Runs the example on the store directory given as the only argument. */
    public static void main(String[] args) throws InterruptedException {
        SurviveLoss resource = new SurviveLoss();
        try (Coordinator space = FsCoordinator.open(Path.of(args[0]), "web-shop");
                Session slow = space.join(Participant.named("slow"));
                Session quick = space.join(Participant.named("quick"))) {
            LockRequest request = LockRequest.exclusive(file("src/User.java"));
            Grant old = slow.locks().acquire(request, Wait.none());
            CountDownLatch told = new CountDownLatch(1);
            old.onLost(cause -> {
                System.out.println("slow hears of it: " + cause);
                told.countDown();
            });

            quick.locks().steal(space.locks().get(0).id(), "slow has been hanging since noon");
            try (Grant fresh = quick.locks().acquire(request, Wait.none())) {
                resource.write(fresh.token(), "quick");
            }

            told.await();
            try {
                old.check();
            } catch (GrantLostException e) {
                System.out.println("slow stops: " + e.getMessage());
            }
            resource.write(old.token(), "slow");
        }
    }

    /** What any resource can do that keeps the largest token it has seen. */
    private void write(FencingToken token, String who) {
        if (token.compareTo(newest) < 0) {
            System.out.println("refused the late write of " + who);
            return;
        }
        newest = token;
        System.out.println("written by " + who);
    }
}
