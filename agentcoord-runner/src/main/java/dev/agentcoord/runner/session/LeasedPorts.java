package dev.agentcoord.runner.session;

import dev.agentcoord.Session;
import dev.agentcoord.ports.PortInfo;
import dev.agentcoord.ports.PortLease;
import dev.agentcoord.ports.PortRequest;
import dev.agentcoord.ports.Ports;
import dev.agentcoord.runner.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The ports that a command is started with, and how it learns of them: {@code PORT} is the first, {@code AGENTCOORD_PORT_<NAME>} each.
 * Stateless.
 */
public final class LeasedPorts {
    /** Where a program that knows of no other looks for its port. */
    public static final String FIRST = "PORT";
    /** Begins the variable of each port, which ends in its name. */
    static final String PREFIX = "AGENTCOORD_PORT_";

    private LeasedPorts() {}

    /** Leases all of them at once; they end with the session, at the latest. Throws {@link Refusal} when one cannot be had. */
    static List<PortLease> lease(Session session, List<PortRequest> wanted) {
        List<PortLease> leases = new ArrayList<>();
        for (PortRequest request : wanted) {
            leases.add(leaseNow(Ports.of(session), request));
        }
        return leases;
    }

    /** Leases one without waiting. Throws {@link Refusal} that says who has the ports when none is free. */
    public static PortLease leaseNow(Ports ports, PortRequest wanted) {
        return ports.tryLease(wanted).orElseThrow(() -> {
            String who = PortInfo.describe(ports.inTheWay(wanted));
            return Refusal.conflict(
                    "no port is free for " + wanted + (who.isEmpty() ? "" : ": " + who), "agentcoord port list");
        });
    }

    /** The first port in {@link #FIRST}, and each in a variable of its name: {@code AGENTCOORD_PORT_WEB_ADMIN}. */
    public static Map<String, String> environment(List<PortLease> leases) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (PortLease lease : leases) {
            String number = Integer.toString(lease.number());
            environment.putIfAbsent(FIRST, number);
            environment.put(PREFIX + lease.name().toUpperCase(Locale.ROOT).replace('-', '_'), number);
        }
        return environment;
    }
}
