package dev.agentcoord.benchmarks;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.LockRequest.exclusive;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Participant;
import dev.agentcoord.Wait;
import dev.agentcoord.fs.FsCoordinator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The main class of the process that {@link DeadHolders} kills. */
final class HolderClient {
    static final String FS = "fs";
    static final String ZK = "zk";
    static final String SPACE = "dead";
    static final LockRequest REQUEST = exclusive(file("src/dead"));

    /** Long enough for the waiter to have found its rhythm. */
    private static final long SETTLE_MILLIS = 300;

    private HolderClient() {}

    private static Coordinator open(String kind, String where) {
        return kind.equals(FS)
                ? FsCoordinator.open(Path.of(where), SPACE)
                : ZkServer.coordinator(where, SPACE, DeadHolders.TTL);
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        try (Coordinator coordinator = open(args[0], args[1]);
                Grant grant =
                        coordinator.join(Participant.named("holder")).locks().acquire(REQUEST, Wait.forever())) {
            System.out.println("held");
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
            while (in.readLine() != null) {
                TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
                grant.check();
                System.out.println("settled");
            }
        }
    }
}
