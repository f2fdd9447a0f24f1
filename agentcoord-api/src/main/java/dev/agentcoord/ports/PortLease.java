package dev.agentcoord.ports;

import dev.agentcoord.FencingToken;
import dev.agentcoord.Grant;
import dev.agentcoord.GrantLostException;
import dev.agentcoord.SessionInfo;
import java.util.List;
import java.util.Set;

/**
 * A port that nobody else who asks will be given, and on which nobody listened when it was given, until it is closed or its session
 * ends. It does not keep anybody from binding it who does not ask. Thread-safe.
 */
public final class PortLease implements AutoCloseable {
    private final SessionInfo session;
    private final String name;
    private final int number;
    private final Grant grant;
    private final List<Listener> passedOver;

    PortLease(SessionInfo session, String name, int number, Grant grant, List<Listener> passedOver) {
        this.session = session;
        this.name = name;
        this.number = number;
        this.grant = grant;
        this.passedOver = List.copyOf(passedOver);
    }

    /** The port. */
    public int number() {
        return number;
    }

    /** What it was asked for as. */
    public String name() {
        return name;
    }

    /** The fencing token; greater than that of every earlier lease of this port. */
    public FencingToken token() {
        return grant.token();
    }

    /** The lock it rests on, for its loss and its theft; releasing it ends the lease. */
    public Grant grant() {
        return grant;
    }

    /** Returns if the lease is safely held at this moment, else throws {@link GrantLostException}. Microseconds, no round trip. */
    public void check() {
        grant.check();
    }

    /** Who was found without a lease on ports that would else have been given; empty as a rule. */
    public List<Listener> passedOver() {
        return passedOver;
    }

    /** Who listens on the port now without belonging to the session's processes; reads {@code /proc}, milliseconds. */
    public List<Listener> strangers() {
        return Sockets.listening(Set.of(number)).stream()
                .filter(found -> !found.isOf(session))
                .map(Sockets.Found::listener)
                .toList();
    }

    /** Gives it up; does nothing the second time; throws {@link GrantLostException} when it was lost meanwhile. */
    @Override
    public void close() {
        grant.close();
    }

    /** {@code web=3000}. */
    @Override
    public String toString() {
        return name + "=" + number;
    }
}
