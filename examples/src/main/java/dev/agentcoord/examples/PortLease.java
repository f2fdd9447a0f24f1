package dev.agentcoord.examples;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.fs.FsCoordinator;
import dev.agentcoord.ports.PortInfo;
import dev.agentcoord.ports.PortRequest;
import dev.agentcoord.ports.Ports;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;

/** Two agents serve on ports of their own, and one who did not ask is noticed instead of met. */
public final class PortLease {
    private PortLease() {}

    /** Runs the example on the store directory given as the only argument. */
    public static void main(String[] args) throws IOException {
        PortRequest web = PortRequest.named("web").range(23_000, 23_999);
        try (Coordinator space = FsCoordinator.open(Path.of(args[0]), "web-shop");
                Session alice = space.join(Participant.named("alice"));
                Session bob = space.join(Participant.named("bob"));
                var first = Ports.of(alice).tryLease(web).orElseThrow();
                ServerSocket server = new ServerSocket(first.number());
                var second = Ports.of(bob).tryLease(web).orElseThrow()) {
            System.out.println("alice serves: " + (server.getLocalPort() == first.number()));
            System.out.println("bob has another: " + (second.number() != first.number()));
            for (PortInfo port : Ports.of(bob).list(space)) {
                System.out.println(port.name() + " is " + port.standing());
            }
            try (ServerSocket careless = new ServerSocket(0)) {
                PortRequest taken = PortRequest.named("api").number(careless.getLocalPort());
                System.out.println("given although somebody listens: "
                        + Ports.of(bob).tryLease(taken).isPresent());
                System.out.println(Ports.of(bob).inTheWay(taken).get(0));
            }
        }
    }
}
