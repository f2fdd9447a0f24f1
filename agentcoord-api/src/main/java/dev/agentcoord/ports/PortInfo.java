package dev.agentcoord.ports;

import dev.agentcoord.LockInfo;
import java.util.List;
import java.util.Optional;

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
