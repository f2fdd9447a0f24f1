package dev.agentcoord.ports;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.LockFilter;
import dev.agentcoord.LockInfo;
import dev.agentcoord.LockRequest;
import dev.agentcoord.PoolMismatchException;
import dev.agentcoord.Session;
import dev.agentcoord.SessionInfo;
import dev.agentcoord.Wait;
import dev.agentcoord.WaitTimeoutException;
import dev.agentcoord.core.Limits;
import dev.agentcoord.core.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Leases ports of this machine to one session: built on its locks and shared state, so the same on every backend, and between machines
 * without effect on each other. Thread-safe.
 */
public final class Ports {
    private static final long PAUSE_MILLIS = 200;

    private final Session session;
    private final String network;
    private final Notes notes;

    private Ports(Session session) {
        SessionInfo info = session.info();
        this.session = session;
        this.network = Network.of(info);
        this.notes = new Notes(session.state(), info.agent(), network, TimeSource.system());
    }

    /** The ports of a session of this process; sends nothing. */
    public static Ports of(Session session) {
        return new Ports(session);
    }

    /**
     * Leases a port of the range: the one this agent had last under that name if that is free. Those with a stranger on them are passed
     * over for a minute while there are others. Empty when none is free; never waits for another session. Throws
     * {@link InvalidRequestException} for a port this user may not bind.
     */
    public Optional<PortLease> tryLease(PortRequest wanted) {
        Set<Integer> avoided = notes.avoided().keySet();
        long last = notes.last(wanted.name());
        String agent = session.info().agent();
        List<Integer> order = Candidates.order(agent, wanted, last, avoided);
        List<Listener> strangers = new ArrayList<>();
        Set<Integer> leased = Set.of();
        for (int i = 0; i < order.size(); i++) {
            if (i % Limits.ITEMS_PER_REQUEST == 1) {
                leased = leased(order.subList(i, Math.min(order.size(), i + Limits.ITEMS_PER_REQUEST)));
            }
            int number = order.get(i);
            Optional<Grant> grant = leased.contains(number) ? Optional.empty() : permit(number, wanted);
            Optional<PortLease> lease = grant.flatMap(held -> settle(held, number, wanted, strangers));
            if (lease.isPresent()) {
                remember(lease.get(), Candidates.preferred(agent, wanted, last));
                return lease;
            }
        }
        return Optional.empty();
    }

    /**
     * As {@link #tryLease}, waiting for one: in line when a single number is asked for, in no order for any of several. Throws
     * {@link WaitTimeoutException}, whose message says who has them.
     */
    public PortLease lease(PortRequest wanted, Wait wait) throws InterruptedException {
        TimeSource time = TimeSource.system();
        long start = time.nanos();
        while (true) {
            Optional<PortLease> lease = tryLease(wanted);
            if (lease.isPresent()) {
                return lease.get();
            }
            Optional<Duration> left = wait.budget().map(budget -> budget.minusNanos(time.nanos() - start));
            if (left.filter(l -> l.isNegative() || l.isZero()).isPresent()) {
                throw timeout(wanted, wait);
            }
            if (wanted.first() == wanted.last()) {
                lease = inLine(wanted, left.map(Wait::upTo).orElse(Wait.forever()));
                if (lease.isPresent()) {
                    remember(lease.get(), -1);
                    return lease.get();
                }
            }
            TimeUnit.MILLISECONDS.sleep(
                    Math.min(PAUSE_MILLIS, left.map(Duration::toMillis).orElse(PAUSE_MILLIS)));
        }
    }

    /** Who has numbers of the range at this moment, by a lease or by listening without one; those are what a request waits for. */
    public List<PortInfo> inTheWay(PortRequest wanted) {
        List<PortInfo> all = new ArrayList<>();
        List<Integer> numbers = Candidates.order(session.info().agent(), wanted, -1, Set.of());
        Look look = new Look(session.info(), network);
        for (int i = 0; i < numbers.size(); i += Limits.ITEMS_PER_REQUEST) {
            all.addAll(look.at(blockers(numbers.subList(i, Math.min(numbers.size(), i + Limits.ITEMS_PER_REQUEST)))));
        }
        return withTaken(all, wanted);
    }

    /** All leases of the space, how their listeners fit to them, and the ports of this machine found taken without one. */
    public List<PortInfo> list(Coordinator space) {
        List<PortInfo> leases = new Look(session.info(), network)
                .at(space.locks(LockFilter.all().held()));
        return withTaken(leases, null);
    }

    private List<PortInfo> withTaken(List<PortInfo> leases, @Nullable PortRequest wanted) {
        Set<Integer> here = leases.stream()
                .filter(info -> info.standing() != PortInfo.Standing.ELSEWHERE)
                .map(PortInfo::number)
                .collect(Collectors.toSet());
        List<PortInfo> all = new ArrayList<>(leases);
        notes.avoided().forEach((number, stranger) -> {
            if (!here.contains(number) && (wanted == null || wanted.includes(number))) {
                all.add(new PortInfo(number, "", Optional.empty(), PortInfo.Standing.TAKEN, List.of(stranger)));
            }
        });
        return all;
    }

    private Optional<Grant> permit(int number, PortRequest wanted) {
        try {
            return session.locks().tryAcquire(Permit.request(number, network, wanted));
        } catch (PoolMismatchException e) {
            return Optional.empty(); // Somebody spoilt this one by hand; there are others.
        }
    }

    private Optional<PortLease> inLine(PortRequest wanted, Wait wait) throws InterruptedException {
        try {
            Grant grant = session.locks().acquire(Permit.request(wanted.first(), network, wanted), wait);
            return settle(grant, wanted.first(), wanted, new ArrayList<>());
        } catch (WaitTimeoutException e) {
            throw timeout(wanted, wait);
        }
    }

    /** The lease if a server could listen; else the permit is given back and the stranger noted. */
    private Optional<PortLease> settle(Grant grant, int number, PortRequest wanted, List<Listener> strangers) {
        try {
            Optional<Listener> stranger = Probe.occupant(number);
            if (stranger.isEmpty()) {
                grant.check();
                return Optional.of(new PortLease(session.info(), wanted.name(), number, grant, strangers));
            }
            strangers.add(stranger.get());
            notes.avoid(stranger.get());
        } catch (RuntimeException e) {
            grant.close();
            throw e;
        }
        grant.close();
        return Optional.empty();
    }

    private void remember(PortLease lease, int preferred) {
        if (lease.number() != preferred) {
            try {
                notes.remember(lease.name(), lease.number());
            } catch (RuntimeException e) {
                lease.close();
                throw e;
            }
        }
    }

    /** Those of the numbers that cannot be had, in one look; a spoilt one among them hides that, and each is tried. */
    private Set<Integer> leased(List<Integer> numbers) {
        try {
            return blockers(numbers).stream()
                    .flatMap(lock -> Permit.of(lock).stream())
                    .map(Permit::number)
                    .collect(Collectors.toCollection(HashSet::new));
        } catch (PoolMismatchException e) {
            return Set.of();
        }
    }

    private List<LockInfo> blockers(Collection<Integer> numbers) {
        LockRequest all = LockRequest.empty();
        for (int number : numbers) {
            all = all.andPermits(Permit.pool(number, network), 1);
        }
        return session.locks().explain(all);
    }

    private WaitTimeoutException timeout(PortRequest wanted, Wait wait) {
        List<PortInfo> taken = inTheWay(wanted);
        String who = PortInfo.describe(taken);
        return new WaitTimeoutException(
                wanted,
                "waited " + wait + " for a port for " + wanted + "; " + (who.isEmpty() ? "none was free" : who),
                taken.stream().flatMap(info -> info.lease().stream()).toList());
    }
}
