package dev.agentcoord.zk;

import java.time.Duration;
import java.util.List;

/**
 * What an ensemble and a space on it look like from here. Immutable.
 *
 * @param sessionTimeout how long the servers keep a silent session, as negotiated
 * @param servers what each configured server says of itself, one line each; that it says nothing where it does not
 * @param openSpace whether anybody who can connect may change the space
 * @param openRoot whether anybody who can connect may make znodes at the root
 * @param calls {@code closed} while calls to the ensemble go through, {@code open} while they are refused at once
 */
public record ZkReport(
        Duration sessionTimeout, List<String> servers, boolean openSpace, boolean openRoot, String calls) {
    /** Copies the list. */
    public ZkReport {
        servers = List.copyOf(servers);
    }
}
