package dev.agentcoord.runner.cli;

import dev.agentcoord.ports.Listener;
import dev.agentcoord.ports.PortInfo;
import dev.agentcoord.ports.PortLease;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How ports look to people and to programs. */
final class PortViews {
    private PortViews() {}

    /** Who leases it as what, and how that fits to who listens. */
    static String line(PortInfo port) {
        String who = port.lease()
                .map(lock -> (port.name().isEmpty() ? "-" : port.name()) + "  by "
                        + lock.owner().agent() + "@" + lock.owner().host() + "  " + Views.ago(lock.since()))
                .orElse("-  not leased");
        String listeners = port.listeners().stream().map(Listener::toString).collect(Collectors.joining("; "));
        return port.number() + "  " + who + "  "
                + switch (port.standing()) {
                    case IDLE -> "nobody listens";
                    case SERVED -> "served by " + listeners;
                    case CLASH -> "CLASH: not the holder's, " + listeners;
                    case TAKEN -> "taken by " + listeners;
                    case ELSEWHERE -> "cannot be seen from here";
                };
    }

    static Map<String, Object> map(PortInfo port) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("port", port.number());
        map.put("name", port.name());
        map.put("standing", port.standing().name().toLowerCase(Locale.ROOT));
        map.put("lease", port.lease().map(Views::map).orElse(null));
        map.put("listeners", port.listeners().stream().map(PortViews::map).toList());
        return map;
    }

    static Map<String, Object> map(PortLease lease) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("port", lease.number());
        map.put("name", lease.name());
        map.put("token", lease.token());
        map.put("passedOver", lease.passedOver().stream().map(PortViews::map).toList());
        return map;
    }

    static Map<String, Object> map(Listener listener) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("port", listener.port());
        map.put("address", listener.address());
        map.put("uid", listener.uid());
        map.put("user", listener.user());
        map.put("pid", listener.pid());
        map.put("command", listener.command());
        return map;
    }
}
