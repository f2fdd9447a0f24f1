package dev.agentcoord.zk;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.Intervention;
import dev.agentcoord.LossCause;
import dev.agentcoord.NotHeldException;
import dev.agentcoord.SessionId;
import dev.agentcoord.TicketId;
import dev.agentcoord.core.Limits;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.record.InterventionCodec;
import dev.agentcoord.core.record.Json;
import dev.agentcoord.zk.Requests.Found;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.NoNodeException;
import org.apache.zookeeper.KeeperException.NodeExistsException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.data.ACL;
import org.jspecify.annotations.Nullable;

/**
 * Takes tickets of others on purpose, and loses own ones to them. The thief leaves a note; the loser answers "lost" from when it has read
 * it, and then breaks its own ticket. One that cannot be heard from has read it, or has stopped believing, one ttl later, since every
 * heartbeat that prolongs its certainty also reads its notes; then the thief breaks the ticket. Either enters the theft in the same
 * transaction, so it is recorded exactly if it happened, and before anybody else is granted. Thread-safe.
 */
final class Thefts {
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final long LOOK_AGAIN = TimeUnit.SECONDS.toNanos(1);

    private final ZkStoreSession session;
    private final Requests requests;
    private final Map<Long, Intervention> suffered = new ConcurrentHashMap<>();

    Thefts(ZkStoreSession session) {
        this.session = session;
        this.requests = session.connection().own();
    }

    /** Takes it, and returns when it is gone; throws {@link NotHeldException} where there is none. */
    void steal(TicketId id, String reason) {
        Target target = session.caller().repeatedly("steal " + id, call -> Target.find(call, session, id));
        byte[] theft = Json.write(InterventionCodec.fields(target.by(session, Intervention.Kind.STOLEN, reason)));
        String note = session.notes().path(target.owner(), id, Notes.Kind.STOLEN);
        session.caller().repeatedly("steal " + id, call -> leave(call, note, theft));
        try {
            awaitGone(List.of(target.path()), target.ttl());
            session.caller().repeatedly("steal " + id, call -> breakTicket(call, id, target.path(), theft));
            session.caller().repeatedly("remember the theft of " + id, this::prune);
        } finally {
            session.removals().remove(note);
        }
    }

    private boolean leave(Call call, String note, byte[] theft) throws KeeperException {
        try {
            call.await(requests.create(note, theft, session.acl(), CreateMode.EPHEMERAL));
        } catch (NodeExistsException e) {
            // Its own: the answer to the first try was lost.
            return false;
        }
        return true;
    }

    /** Returns when whoever is to lose them has removed all, has ended, or cannot believe in them any more. */
    void awaitGone(List<String> paths, Duration ttl) {
        long end = System.nanoTime() + ttl.plus(ttl.dividedBy(10)).toNanos();
        boolean interrupted = false;
        try {
            for (String path : paths) {
                interrupted |= awaitGone(path, end);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Whether it was interrupted meanwhile. */
    private boolean awaitGone(String path, long end) {
        boolean interrupted = false;
        while (System.nanoTime() < end) {
            session.requireOpen();
            CompletableFuture<Boolean> changed = new CompletableFuture<>();
            boolean gone = session.caller()
                    .repeatedly(
                            "wait for who loses a lock",
                            call -> call.await(requests.data(path, event -> changed.complete(true)))
                                    .isEmpty());
            if (gone) {
                return interrupted;
            }
            interrupted |= await(changed, Math.min(LOOK_AGAIN, end - System.nanoTime()));
        }
        return interrupted;
    }

    private static boolean await(CompletableFuture<Boolean> changed, long nanos) {
        try {
            changed.completeOnTimeout(false, nanos, TimeUnit.NANOSECONDS).get();
            return false;
        } catch (InterruptedException e) {
            return true;
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** False where it was gone already. */
    private boolean breakTicket(Call call, TicketId id, String path, byte[] theft) throws KeeperException {
        try {
            call.await(requests.multi(breaking(id.position(), path, theft)));
            return true;
        } catch (NoNodeException e) {
            return false;
        } catch (NodeExistsException e) {
            call.await(requests.delete(path));
            return true;
        }
    }

    private List<Op> breaking(long position, String path, byte[] theft) {
        List<ACL> acl = session.acl();
        return List.of(
                Op.create(recordOf(position), theft, acl, CreateMode.PERSISTENT),
                Op.delete(path, Requests.ANY_VERSION));
    }

    /** A note says that a ticket of this session is stolen: it is lost from now on, and broken once it is known by whom. */
    void suffer(long position, String note) {
        String path = session.tickets().own().lose(position, LossCause.STOLEN);
        if (path != null) {
            readAndBreak(position, note, path);
        }
    }

    private void readAndBreak(long position, String note, String path) {
        var unused = requests.data(note, null).whenComplete((found, failure) -> {
            if (failure != null) {
                retry(failure, () -> readAndBreak(position, note, path));
            } else if (found.isPresent()) {
                byte[] theft = found.get().bytes();
                remember(position, note, theft);
                breakOwn(position, path, theft);
            } else {
                // The thief has gone; the ticket is given up nevertheless, since it was told lost.
                session.removals().remove(path);
            }
        });
    }

    private void breakOwn(long position, String path, byte[] theft) {
        var unused = requests.multi(breaking(position, path, theft)).whenComplete((done, failure) -> {
            if (failure == null || Failures.unwrapped(failure) instanceof NoNodeException) {
                return;
            }
            if (Failures.unwrapped(failure) instanceof NodeExistsException) {
                session.removals().remove(path);
            } else {
                retry(failure, () -> breakOwn(position, path, theft));
            }
        });
    }

    private void retry(Throwable failure, Runnable step) {
        if (Failures.isLostConnection(failure) && !session.hasEnded()) {
            session.connection().worker().later(step, PAUSE);
        }
    }

    private void remember(long position, String where, byte[] theft) {
        try {
            suffered.put(position, InterventionCodec.read(Json.read(where, theft)));
        } catch (CoordinationException e) {
            return; // That it is lost is what counts.
        }
    }

    /** Who took a ticket of this session and why; null where no record of that is left. */
    @Nullable Intervention of(TicketId ticket) {
        Intervention known = suffered.get(ticket.position());
        if (known != null) {
            return known;
        }
        return session.caller()
                .repeatedly("read who took " + ticket, call -> read(call, ticket.position()))
                .orElse(null);
    }

    /** The thief removes its note when the theft is recorded: where neither is met first, the record has come between the two looks. */
    private Optional<Intervention> read(Call call, long position) throws KeeperException {
        Optional<Intervention> recorded = read(call, recordOf(position));
        if (recorded.isPresent()) {
            return recorded;
        }
        Optional<String> note = session.notes().ofTheft(call, position);
        Optional<Intervention> noted = note.isPresent() ? read(call, note.get()) : Optional.empty();
        return noted.isPresent() ? noted : read(call, recordOf(position));
    }

    private Optional<Intervention> read(Call call, String path) throws KeeperException {
        return call.await(requests.data(path, null))
                .map(found -> InterventionCodec.read(Json.read(path, found.bytes())));
    }

    boolean isRecorded(Call call, long position) throws KeeperException {
        return call.await(requests.data(recordOf(position), null)).isPresent();
    }

    /** Where the theft of a ticket is recorded. */
    String recordOf(long position) {
        return session.space().node().thefts() + "/" + position;
    }

    /** Keeps the latest records. */
    boolean prune(Call call) throws KeeperException {
        List<TheftLog.Entry> all =
                TheftLog.read(call, requests, session.space().node().thefts());
        for (TheftLog.Entry old : all.subList(Math.min(Limits.THEFTS, all.size()), all.size())) {
            call.await(requests.delete(old.path()));
        }
        return true;
    }

    /**
     * A ticket of somebody, to be taken or asked for.
     *
     * @param ticket as it stands in the line
     * @param path of its znode
     * @param agent of its session
     * @param ttl how long the ensemble keeps that session when it is silent
     */
    record Target(Ticket ticket, String path, String agent, Duration ttl) {
        static Target find(Call call, ZkStoreSession session, TicketId id) throws KeeperException {
            Live live = Live.find(call, session.readTickets(), id);
            SessionId owner = live.ticket().session();
            String record = session.space().node().sessions() + "/" + owner;
            Found found =
                    call.await(session.connection().own().data(record, null)).orElseThrow(() -> notHeld(id));
            SessionRecord.Read read = SessionRecord.read(record, found.bytes(), found.stat());
            return new Target(live.ticket(), live.path(), read.info().agent(), read.ttl());
        }

        SessionId owner() {
            return ticket.session();
        }

        Intervention by(ZkStoreSession who, Intervention.Kind kind, String reason) {
            return InterventionCodec.of(
                    kind, ticket, agent, who.info(), reason, who.space().time().wall());
        }

        static NotHeldException notHeld(TicketId id) {
            return new NotHeldException(id, "there is no ticket " + id + "; 'agentcoord locks' lists those there are");
        }
    }
}
