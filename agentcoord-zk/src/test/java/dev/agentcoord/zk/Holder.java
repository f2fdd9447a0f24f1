package dev.agentcoord.zk;

import dev.agentcoord.Participant;
import java.io.IOException;
import java.time.Duration;

/** A process that joins a space and stays until it is killed. */
final class Holder {
    private Holder() {}

    /** Takes the connect string, the space, the agent's name and the ttl. */
    public static void main(String[] arguments) throws IOException {
        ZkOptions options = ZkOptions.of(arguments[0], arguments[1]).withTtl(Duration.parse(arguments[3]));
        Zk.open(options).join(Participant.named(arguments[2]), new Events());
        int end = System.in.read();
        System.exit(end < 0 ? 1 : 0);
    }
}
