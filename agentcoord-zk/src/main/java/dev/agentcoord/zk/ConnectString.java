package dev.agentcoord.zk;

import java.util.Optional;
import java.util.regex.Pattern;

/** The form of {@code host:port,host:port/chroot}. A bad one is never echoed: what was typed may hold a password. */
final class ConnectString {
    private static final String HOST = "([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?";
    private static final Pattern HOSTS = Pattern.compile(HOST + "(," + HOST + ")*");
    private static final Pattern CHROOT = Pattern.compile("(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+");
    private static final int HIGHEST_PORT = 65_535;

    private ConnectString() {}

    /** What is wrong with it, or empty. */
    static Optional<String> fault(String connect) {
        if (connect.contains("@")) {
            return Optional.of("the connect string holds no credentials; pass them as the option 'digest'");
        }
        String hosts = hosts(connect);
        if (!HOSTS.matcher(hosts).matches() || !hasPortsInRange(hosts)) {
            return Optional.of("not a connect string; write host:port,host:port or host:port/chroot");
        }
        String chroot = chroot(connect);
        if (!chroot.isEmpty() && !CHROOT.matcher(chroot).matches()) {
            return Optional.of("bad chroot; write /name or /name/name of A-Z, a-z, 0-9, '.', '_' and '-'");
        }
        return Optional.empty();
    }

    /** The servers, without the chroot. */
    static String hosts(String connect) {
        return connect.substring(0, connect.length() - chroot(connect).length());
    }

    /** The path below which everything happens, or empty. */
    static String chroot(String connect) {
        int slash = connect.indexOf('/');
        return slash < 0 ? "" : connect.substring(slash);
    }

    private static boolean hasPortsInRange(String hosts) {
        return Pattern.compile("(?<=:)[0-9]+(?=,|$)")
                .matcher(hosts)
                .results()
                .mapToInt(port -> Integer.parseInt(port.group()))
                .allMatch(port -> port > 0 && port <= HIGHEST_PORT);
    }
}
