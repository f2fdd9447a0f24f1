package dev.agentcoord.fs;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.ports.PortLease;
import dev.agentcoord.ports.PortRequest;
import dev.agentcoord.ports.Ports;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A process that leases one port for the name {@code web}, says which and whom it passed over, and holds it until its input ends. */
final class Leaser {
    private Leaser() {}

    /** Arguments: store, agent, first and last port. */
    public static void main(String[] args) throws IOException {
        try (Coordinator space = FsCoordinator.open(Path.of(args[0]), "ports");
                Session session = space.join(Participant.named(args[1]))) {
            Optional<PortLease> lease = Ports.of(session)
                    .tryLease(PortRequest.named("web").range(Integer.parseInt(args[2]), Integer.parseInt(args[3])));
            System.out.println(
                    lease.map(held -> held.number() + " " + held.passedOver()).orElse("none"));
            while (System.in.read() >= 0) {
                // Until whoever started it has heard enough.
            }
        }
    }
}
