package dev.agentcoord.ports;

import dev.agentcoord.LockInfo;
import dev.agentcoord.SessionInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One look at leases and sockets side by side. */
final class Look {
    private final SessionInfo viewer;
    private final String network;

    /** Of somebody in that network, whose process sees what it sees. */
    Look(SessionInfo viewer, String network) {
        this.viewer = viewer;
        this.network = network;
    }

    /** The leases among the tickets, in their order. */
    List<PortInfo> at(List<LockInfo> tickets) {
        List<Leased> leases = new ArrayList<>();
        tickets.forEach(lock -> Permit.of(lock).ifPresent(permit -> leases.add(new Leased(permit, lock))));
        Set<Integer> here =
                leases.stream().filter(this::isHere).map(Leased::number).collect(Collectors.toSet());
        Map<Integer, List<Sockets.Found>> sockets = here.isEmpty()
                ? Map.of()
                : Sockets.listening(here).stream()
                        .collect(Collectors.groupingBy(found -> found.listener().port()));
        return leases.stream()
                .map(lease -> info(lease, sockets.getOrDefault(lease.number(), List.of())))
                .toList();
    }

    private record Leased(Permit permit, LockInfo lock) {
        int number() {
            return permit.number();
        }
    }

    private boolean isHere(Leased lease) {
        return lease.permit().network().equals(network) && lease.lock().owner().pidNamespace() == viewer.pidNamespace();
    }

    private PortInfo info(Leased lease, List<Sockets.Found> sockets) {
        if (!isHere(lease)) {
            return info(lease, PortInfo.Standing.ELSEWHERE, List.of());
        }
        List<Sockets.Found> strangers = sockets.stream()
                .filter(found -> !found.isOf(lease.lock().owner()))
                .toList();
        if (!strangers.isEmpty()) {
            return info(lease, PortInfo.Standing.CLASH, strangers);
        }
        return info(lease, sockets.isEmpty() ? PortInfo.Standing.IDLE : PortInfo.Standing.SERVED, sockets);
    }

    private static PortInfo info(Leased lease, PortInfo.Standing standing, List<Sockets.Found> sockets) {
        return new PortInfo(
                lease.number(),
                lease.permit().name(),
                Optional.of(lease.lock()),
                standing,
                sockets.stream().map(Sockets.Found::listener).toList());
    }
}
