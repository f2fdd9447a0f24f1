package dev.agentcoord.ports;

import dev.agentcoord.SessionInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Who has which port on this machine, from the kernel's tables. */
final class Sockets {
    private Sockets() {}

    /**
     * One socket and those who have it open.
     *
     * @param listener as it is shown
     * @param pids its processes; empty where this user may not see them
     */
    record Found(Listener listener, List<Long> pids) {
        /**
         * Whether it belongs to a session's processes. Of a socket that shows no process only the user is known: one of the session's
         * own user is not accused.
         */
        boolean isOf(SessionInfo session) {
            return pids.isEmpty()
                    ? listener.user().equals(session.developer())
                    : pids.stream().anyMatch(pid -> Processes.isOf(session, pid));
        }
    }

    /** Those who listen on any of the ports. */
    static List<Found> listening(Set<Integer> ports) {
        return found(SocketTable.read().stream()
                .filter(SocketTable.Entry::isListening)
                .filter(entry -> ports.contains(entry.port()))
                .toList());
    }

    /** Who keeps a port: whoever listens, else whoever is connected from it. */
    static Optional<Found> having(int port) {
        List<SocketTable.Entry> all = SocketTable.read().stream()
                .filter(entry -> entry.port() == port)
                .toList();
        Optional<SocketTable.Entry> first =
                all.stream().filter(SocketTable.Entry::isListening).findFirst();
        return first.or(() -> all.stream().findFirst())
                .map(entry -> found(List.of(entry)).get(0));
    }

    private static List<Found> found(List<SocketTable.Entry> entries) {
        Map<Long, List<Long>> processes =
                Processes.having(entries.stream().map(SocketTable.Entry::inode).collect(Collectors.toSet()));
        return entries.stream()
                .map(entry -> found(entry, processes.getOrDefault(entry.inode(), List.of())))
                .toList();
    }

    private static Found found(SocketTable.Entry entry, List<Long> pids) {
        long pid = pids.isEmpty() ? 0 : pids.get(0);
        return new Found(
                new Listener(
                        entry.port(),
                        entry.address(),
                        entry.uid(),
                        Processes.userOf(entry.uid()),
                        pid,
                        pid == 0 ? "" : Processes.commandOf(pid)),
                pids);
    }
}
