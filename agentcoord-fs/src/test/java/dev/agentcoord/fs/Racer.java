package dev.agentcoord.fs;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Races for one path: on {@code go MOMENT} it tries once, at that moment of the monotonic clock, and says {@code TOKEN FROM TO} or
 * {@code - FROM TO}; on {@code end} it gives up what it won.
 */
final class Racer {
    private static final LockRequest PATH = LockRequest.exclusive(Item.file("src/one/Path.java"));

    private Racer() {}

    /** Arguments: store, name. */
    public static void main(String[] args) throws IOException {
        BufferedReader in = Child.ownInput();
        try (Coordinator coordinator = FsCoordinator.open(Path.of(args[0]), "race");
                Session session = coordinator.join(Participant.named(args[1]))) {
            System.out.println("ready");
            Optional<Grant> won = Optional.empty();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith("go ")) {
                    awaitMoment(Long.parseLong(line.substring(3)));
                    long from = System.nanoTime();
                    won = session.locks().tryAcquire(PATH);
                    long to = System.nanoTime();
                    System.out.println(
                            won.map(grant -> grant.token().toString()).orElse("-") + " " + from + " " + to);
                } else {
                    won.ifPresent(Grant::release);
                    System.out.println("ended");
                }
            }
        }
    }

    /** Asleep, so that all are woken together however few processors there are. */
    private static void awaitMoment(long moment) {
        for (long left = moment - System.nanoTime(); left > 0; left = moment - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
