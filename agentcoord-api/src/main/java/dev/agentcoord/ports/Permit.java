package dev.agentcoord.ports;

import dev.agentcoord.LockInfo;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Pool;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a lease is written as a lock: the one permit of a pool named after port and network, with the lease's name as the beginning of
 * the reason. A permit, because a session that holds a name may take it again, and a port is leased once.
 *
 * @param number the port
 * @param network where it is one, see {@link Network}
 * @param name what it was leased as; empty where somebody took the permit by other means
 */
record Permit(int number, String network, String name) {
    private static final Pattern POOL = Pattern.compile("port:([1-9][0-9]{0,4})@(.+)");
    private static final Pattern NAME = Pattern.compile("([a-z0-9][a-z0-9-]{0,47})(: .*)?");

    static Pool pool(int number, String network) {
        return new Pool("port:" + number + "@" + network, 1);
    }

    static LockRequest request(int number, String network, PortRequest wanted) {
        return LockRequest.permits(pool(number, network), 1).reason(reason(wanted.name(), wanted.reason()));
    }

    static String reason(String name, String reason) {
        return reason.isEmpty() ? name : name + ": " + reason;
    }

    /** The lease that a ticket asks for; empty for any other. */
    static Optional<Permit> of(LockInfo lock) {
        return lock.request().permits().keySet().stream()
                .map(pool -> POOL.matcher(pool.name()))
                .filter(Matcher::matches)
                .map(pool -> new Permit(Integer.parseInt(pool.group(1)), pool.group(2), nameOf(lock)))
                .findFirst();
    }

    private static String nameOf(LockInfo lock) {
        Matcher name = NAME.matcher(lock.request().reason());
        return name.matches() ? name.group(1) : "";
    }
}
