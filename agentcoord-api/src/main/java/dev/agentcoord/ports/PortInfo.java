package dev.agentcoord.ports;

import dev.agentcoord.LockInfo;
import dev.agentcoord.SessionId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One port that is leased, or that was found taken by somebody without a lease. A snapshot, immutable.
 *
 * @param number the port
 * @param name what it is leased as; empty without a lease
 * @param lease who leases it, where, why and since when; empty without a lease
 * @param standing how lease and sockets fit together
 * @param listeners who listens, strangers alone where it is a clash
 */
public record PortInfo(int number, String name, Optional<LockInfo> lease, Standing standing, List<Listener> listeners) {
    /** So many are named in one sentence. */
    private static final int TOLD = 3;

    /** How lease and sockets fit together. */
    public enum Standing {
        /** Leased, and nobody listens. */
        IDLE,
        /** Leased, and whoever listens belongs to the holder. */
        SERVED,
        /** Leased, and somebody listens who does not belong to the holder. */
        CLASH,
        /** Not leased: somebody listened when it was last wanted, so it is passed over for a minute. */
        TAKEN,
        /** Leased in a network, or by processes, that cannot be seen from here. */
        ELSEWHERE
    }

    /** Copies the list. */
    public PortInfo {
        listeners = List.copyOf(listeners);
    }

    /** Whether that session leases it. */
    public boolean isLeasedBy(SessionId session) {
        return lease.filter(lock -> lock.owner().id().equals(session)).isPresent();
    }

    /** For people, in one line: who has these ports, the first three of them by name; empty when there are none. */
    public static String describe(List<PortInfo> ports) {
        String more = ports.size() > TOLD ? "; and " + (ports.size() - TOLD) + " more" : "";
        return ports.stream().limit(TOLD).map(PortInfo::toString).collect(Collectors.joining("; ", "", more));
    }

    /** For people: who stands in the way of others, and why. */
    @Override
    public String toString() {
        String who = lease.map(lock -> "is leased by " + lock.owner().agent() + "@"
                        + lock.owner().host() + (name.isEmpty() ? "" : " as " + name))
                .orElse("is not leased");
        String heard = listeners.isEmpty() ? "" : ", " + listeners.get(0) + " listens";
        return "port " + number + " " + who + heard;
    }
}
