package dev.agentcoord.fs;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.Intervention;
import dev.agentcoord.Liveness;
import dev.agentcoord.Participant;
import dev.agentcoord.SessionId;
import dev.agentcoord.SessionInfo;
import dev.agentcoord.SessionView;
import dev.agentcoord.Subscription;
import dev.agentcoord.core.RunAll;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.engine.ThisProcess;
import dev.agentcoord.spi.Backend;
import dev.agentcoord.spi.StoreEvents;
import dev.agentcoord.spi.StoreSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;

/** One space of a store on the file system. Thread-safe. */
final class FsBackend implements Backend {
    private final Space space;
    private final FsOptions options;
    private final Queue<FsStoreSession> joined = new ConcurrentLinkedQueue<>();
    private final Queue<Subscription> subscriptions = new ConcurrentLinkedQueue<>();

    FsBackend(Space space, FsOptions options) {
        this.space = space;
        this.options = options;
    }

    @Override
    public String space() {
        return space.layout().space();
    }

    @Override
    public long incarnation() {
        return space.incarnation();
    }

    @Override
    public StoreSession join(Participant participant, StoreEvents events) {
        try {
            SessionRecord record = record(participant);
            publish(record);
            FsStoreSession session = opened(record, events);
            session.start();
            joined.removeIf(FsStoreSession::isOver);
            joined.add(session);
            return session;
        } catch (IOException e) {
            throw Disk.unavailable(space.layout().sessions(), e);
        }
    }

    private SessionRecord record(Participant participant) throws IOException {
        long position = space.section().run(turn -> {
            long next = turn.nextPosition();
            turn.announce(Change.Kind.NONE, "");
            return next;
        });
        SessionId id = SessionId.random();
        ThisProcess self = ThisProcess.read();
        if (!space.judge().isOf(self)) {
            throw new IOException("/proc cannot be read, perhaps because of too many open files");
        }
        SessionInfo info = self.record(id, participant, space.time().wall());
        return new SessionRecord(info, position, bellOf(id).toString(), options.silence());
    }

    private Path bellOf(SessionId id) {
        Path beside = space.sessions().bell(id);
        return Doorbells.fits(beside) ? beside : Doorbells.elsewhere(id);
    }

    /** All that stands beside the record is made after it: so whatever a dead process left can be found by the record. */
    private FsStoreSession opened(SessionRecord record, StoreEvents events) throws IOException {
        try {
            return new FsStoreSession(space, record, events, space.writes(options.durability()));
        } catch (IOException | RuntimeException | Error e) {
            space.eventually(() -> space.reaper().removeRecord(record.id()));
            throw e;
        }
    }

    private void publish(SessionRecord record) throws IOException {
        Path draft = space.layout().tmp().resolve(Maker.self().mark(record.id().text() + "~record"));
        Disk.create(draft, record.toBytes(), Layout.RECORD);
        try {
            requireSameName(record, draft);
            space.section().run(turn -> {
                turn.announce(Change.Kind.SESSION_JOINED, record.id().text());
                return Files.createLink(space.sessions().path(record.id()), draft);
            });
        } finally {
            Disk.discard(draft);
        }
    }

    /** A record that does not name its file's owner is refused by everyone; a lookup that failed must not publish one. */
    private static void requireSameName(SessionRecord record, Path draft) throws IOException {
        String owner = Disk.owner(draft);
        if (!owner.equals(record.info().developer())) {
            throw new IOException(
                    "this user is called " + owner + " and " + record.info().developer() + " at the same time");
        }
    }

    @Override
    public List<SessionView> sessions() {
        try {
            Leftovers.sweep(space.layout().root());
            Leftovers.sweep(space.layout().tmp());
            space.questions().sweep();
            List<SessionView> views = new ArrayList<>();
            for (SessionDirectory.Known session : space.sessions().all()) {
                Liveness liveness = space.judge().livenessOf(session);
                if (liveness == Liveness.DEAD) {
                    space.reaper().sweep(session.record().id());
                } else {
                    views.add(new SessionView(session.record().info(), liveness));
                }
            }
            return views;
        } catch (IOException e) {
            throw Disk.unavailable(space.layout().sessions(), e);
        }
    }

    @Override
    public List<Ticket> tickets() {
        try {
            List<Ticket> all;
            do {
                all = space.section().run(turn -> {
                    List<Ticket> live = new ArrayList<>();
                    for (Ticket ticket : space.shown(turn)) {
                        live.add(asHeld(ticket));
                    }
                    return live;
                });
            } while (space.reaper().sweepOwners(all));
            return withoutGone(all);
        } catch (IOException e) {
            throw Disk.unavailable(space.layout().locks(), e);
        }
    }

    private Ticket asHeld(Ticket ticket) throws IOException {
        Ticket held = space.places().asHeld(ticket);
        return held == null ? ticket : held;
    }

    /** Sessions let go of tickets that others may take for live a little longer; a name can also be missing because it was bound. */
    private List<Ticket> withoutGone(List<Ticket> tickets) throws IOException {
        Set<String> names = new HashSet<>(space.files().list());
        List<Ticket> there = new ArrayList<>(tickets.size());
        for (Ticket ticket : tickets) {
            if (ticket.owner().kind() == Owner.Kind.TASK
                    || names.contains(space.files().nameOf(ticket))) {
                there.add(ticket);
            } else {
                now(ticket).ifPresent(there::add);
            }
        }
        return there;
    }

    private Optional<Ticket> now(Ticket ticket) throws IOException {
        try {
            return space.clearIfGone(ticket) ? now(ticket.position()) : Optional.of(ticket);
        } catch (CorruptRecordException e) {
            // While another cannot be read nobody can say what became of this one.
            return Optional.empty();
        }
    }

    private Optional<Ticket> now(long position) {
        return space.section().run(turn -> {
            Ticket live = space.book().get(turn, position);
            return live == null ? Optional.empty() : Optional.of(asHeld(live));
        });
    }

    @Override
    public Optional<SessionId> claimerOf(Owner task) {
        return space.claimerOf(task);
    }

    @Override
    public List<Intervention> thefts(int limit) {
        return Calls.typed(space.layout().thefts(), () -> space.thefts().latest(limit));
    }

    @Override
    public Subscription watchSessions(Runnable hint) {
        AtomicReference<List<SessionView>> before = new AtomicReference<>(sessions());
        Subscription subscription = space.patrol().watch(() -> {
            List<SessionView> now = sessions();
            if (!now.equals(before.getAndSet(now))) {
                hint.run();
            }
        });
        subscriptions.add(subscription);
        return () -> {
            subscriptions.remove(subscription);
            subscription.close();
        };
    }

    @Override
    public void close() {
        List<Runnable> all = new ArrayList<>();
        subscriptions.forEach(subscription -> all.add(subscription::close));
        joined.forEach(session -> all.add(session::close));
        all.add(space::awaitAside);
        RunAll.of(all);
    }
}
