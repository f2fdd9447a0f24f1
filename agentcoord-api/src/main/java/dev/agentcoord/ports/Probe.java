package dev.agentcoord.ports;

import dev.agentcoord.InvalidRequestException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out whether a server could have a port now, by being one for a moment. To be called by the holder of the port's permit only:
 * two probes at once would each take the other for a stranger.
 */
final class Probe {
    private static final int PRIVILEGED = 1_024;

    /** The wildcards meet every listener on Linux; elsewhere one that bound an address of its own does not hinder them. */
    private static final List<Place> PLACES = List.of(
            new Place(StandardProtocolFamily.INET, address(0, 0, 0, 0)),
            new Place(StandardProtocolFamily.INET, address(127, 0, 0, 1)),
            new Place(StandardProtocolFamily.INET6, address(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
            new Place(StandardProtocolFamily.INET6, address(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)));

    private Probe() {}

    private record Place(ProtocolFamily family, InetAddress address) {}

    /**
     * Who is in the way of a server on that port; empty when nobody is. Throws {@link InvalidRequestException} for a port that this
     * user may not bind.
     */
    static Optional<Listener> occupant(int port) {
        if (PLACES.stream().allMatch(place -> canListen(place, port))) {
            // A JVM without IPv6 does not meet those who listen there, but the table shows them.
            return Sockets.listening(Set.of(port)).stream()
                    .map(Sockets.Found::listener)
                    .findFirst();
        }
        Optional<Listener> seen = Sockets.having(port).map(Sockets.Found::listener);
        if (seen.isEmpty() && port < PRIVILEGED) {
            throw new InvalidRequestException(
                    port, "port " + port + " cannot be bound by this user; ask for one from " + PRIVILEGED);
        }
        return Optional.of(seen.orElseGet(() -> Listener.unseen(port)));
    }

    /** With addresses reused as servers do, so that connections that ended a moment ago do not count. */
    private static boolean canListen(Place place, int port) {
        try (ServerSocketChannel channel = ServerSocketChannel.open(place.family())) {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(new InetSocketAddress(place.address(), port), 1);
            return true;
        } catch (BindException e) {
            return port != 0 && !canListen(place, 0); // An address that cannot be bound at all is not there.
        } catch (IOException | UnsupportedOperationException e) {
            // No such protocol here; or nobody can tell, as with too many open files: then the number is not given
            // away.
            return place.family() == StandardProtocolFamily.INET6;
        }
    }

    private static InetAddress address(int... bytes) {
        byte[] raw = new byte[bytes.length];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = (byte) bytes[i];
        }
        try {
            return InetAddress.getByAddress(raw);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
