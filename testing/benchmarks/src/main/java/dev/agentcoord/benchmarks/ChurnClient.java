package dev.agentcoord.benchmarks;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.LockRequest.exclusive;

import dev.agentcoord.Coordinator;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Locks;
import dev.agentcoord.Participant;
import dev.agentcoord.Wait;
import dev.agentcoord.fs.FsCoordinator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The main class of one process of {@link Churn}. */
final class ChurnClient {
    /** All changes of a space pass through one place, so clients without a pause would measure nothing but their queue. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private ChurnClient() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        try (Coordinator coordinator = FsCoordinator.open(Path.of(args[0]), Churn.SPACE)) {
            Locks locks =
                    coordinator.join(Participant.named("churn-" + args[1])).locks();
            LockRequest own = exclusive(file("churn/" + args[1]));
            obey(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII)), locks, own);
        }
    }

    private static void obey(BufferedReader in, Locks locks, LockRequest own) throws IOException, InterruptedException {
        System.out.println("ready");
        while (in.readLine() != null) {
            System.out.println("resumed");
            while (!in.ready()) {
                locks.acquire(own, Wait.forever()).release();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            if (in.readLine() == null) {
                return;
            }
            System.out.println("paused");
        }
    }
}
