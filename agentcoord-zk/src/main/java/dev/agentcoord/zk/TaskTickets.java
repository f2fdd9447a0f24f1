package dev.agentcoord.zk;

import dev.agentcoord.Claim;
import dev.agentcoord.CoordinationException;
import dev.agentcoord.Intervention;
import dev.agentcoord.LockInfo;
import dev.agentcoord.StaleClaimException;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.queue.ParkRule;
import dev.agentcoord.core.record.InterventionCodec;
import dev.agentcoord.core.record.Json;
import dev.agentcoord.zk.Requests.Found;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.zookeeper.KeeperException;

/**
 * The tasks that own tickets, as whoever has one or waits for one has to know them. What stands in somebody's way and belongs to a task
 * whose claimer has ended, or that was parked for too long, is looked after by whom it blocks. Thread-safe.
 */
final class TaskTickets {
    private final ZkStoreSession session;
    private final Requests requests;

    TaskTickets(ZkStoreSession session) {
        this.session = session;
        this.requests = session.connection().own();
    }

    /**
     * A task as owner.
     *
     * @param queue that it is in
     * @param id its name there
     */
    record Name(String queue, TaskId id) {
        static Name of(Owner owner) {
            int slash = owner.id().indexOf('/');
            return new Name(
                    owner.id().substring(0, slash), new TaskId(owner.id().substring(slash + 1)));
        }
    }

    /** The task that owns tickets, as it is now; empty where it is gone. */
    static Optional<TaskNode> read(Call call, Requests requests, SpaceNode space, Owner owner) throws KeeperException {
        Name name = Name.of(owner);
        String path = space.queue(name.queue()).task(name.id());
        return call.await(requests.data(path, null)).map(found -> TaskNode.decode(path, name.id(), found.bytes()));
    }

    /** A ticket as whoever claims its task has it; unchanged where it is a session's, or nobody does. */
    static Ticket asHeld(Call call, Requests requests, SpaceNode space, Ticket ticket) throws KeeperException {
        if (ticket.owner().kind() == Owner.Kind.SESSION) {
            return ticket;
        }
        return read(call, requests, space, ticket.owner())
                .filter(task -> task.state == TaskState.CLAIMED)
                .map(task -> ticket.of(ticket.owner(), task.delivery))
                .orElse(ticket);
    }

    /** The place of a claim of this session among the claimed; throws {@link StaleClaimException} where it is over. */
    String placeOf(Claim claim) {
        return session.tasks(claim.queue())
                .placeOf(claim.task().id(), claim.token().generation())
                .orElseThrow(() -> stale(claim));
    }

    /** The same of a delivery of a task to this session, as far as it is known here. */
    Optional<String> placeOf(Owner task, int delivery) {
        Name name = Name.of(task);
        return session.tasks(name.queue()).placeOf(name.id(), delivery);
    }

    /** The place of a delivery to whoever has it; empty where it is over. */
    Optional<String> placeOf(Call call, Owner owner, int delivery) throws KeeperException {
        QueueNodes nodes = session.space().node().queue(Name.of(owner).queue());
        return read(call, requests, session.space().node(), owner)
                .filter(task -> task.state == TaskState.CLAIMED && task.delivery == delivery)
                .map(task -> nodes.place(task.state, task.leaf(), task.route, task.claimer));
    }

    static StaleClaimException stale(Claim claim) {
        return new StaleClaimException(
                claim.task(), "task " + claim.task().id() + " is not this claim's any more; claim it again");
    }

    /** Whether what is in somebody's way has changed, since the tasks it belongs to had to be looked after. */
    boolean tend(Call call, List<Ticket> blockers) throws KeeperException {
        Set<Owner> tasks = new LinkedHashSet<>();
        for (Ticket ticket : blockers) {
            if (ticket.owner().kind() == Owner.Kind.TASK) {
                tasks.add(ticket.owner());
            }
        }
        boolean changed = false;
        for (Owner owner : tasks) {
            changed |= tend(call, owner, blockers);
        }
        return changed;
    }

    private boolean tend(Call call, Owner owner, List<Ticket> blockers) throws KeeperException {
        Optional<TaskNode> task = read(call, requests, session.space().node(), owner);
        if (task.isPresent() && task.get().state == TaskState.CLAIMED) {
            String record = session.space().node().sessions() + "/" + task.get().claimer;
            return call.await(requests.stat(record)).isEmpty()
                    && session.tasks(Name.of(owner).queue()).giveBack(call, task.get().claimer);
        }
        if (task.isPresent() && !isParkedTooLong(task.get())) {
            return false;
        }
        for (Ticket ticket : blockers) {
            if (ticket.owner().equals(owner)) {
                giveUp(call, ticket);
            }
        }
        pruneRecords(call);
        return true;
    }

    private boolean isParkedTooLong(TaskNode task) {
        return task.state != TaskState.CLAIMED
                && ParkRule.isOver(
                        Instant.ofEpochMilli(task.since),
                        Instant.ofEpochMilli(session.clock().now()),
                        task.what.parkTimeout());
    }

    /** On record, and only as long as nobody claims the task. */
    private void giveUp(Call call, Ticket ticket) throws KeeperException {
        Name name = Name.of(ticket.owner());
        String path = session.tickets().pathOf(call, ticket);
        if (path == null) {
            return;
        }
        session.tasks(name.queue()).change(call, name.id(), (attempt, change, tries) -> {
            TaskNode task = change.task(name.id());
            Optional<Found> live = attempt.await(requests.data(path, null));
            if (live.isEmpty() || (task != null && !isParkedTooLong(task))) {
                return false;
            }
            if (task != null) {
                change.touch(task);
            }
            byte[] record = Json.write(InterventionCodec.fields(InterventionCodec.of(
                    Intervention.Kind.GIVEN_UP,
                    ticket,
                    LockInfo.PARKED.agent(),
                    session.info(),
                    "task " + ticket.owner().id() + " was parked for too long",
                    session.space().time().wall())));
            change.draft().create(session.thefts().recordOf(ticket.position()), record);
            change.draft().delete(path);
            return true;
        });
    }

    /** Whoever waited for the lock need not know where that fails: the next one who gives up or steals one tries again. */
    private void pruneRecords(Call call) {
        try {
            session.thefts().prune(call);
        } catch (KeeperException | CoordinationException e) {
            return;
        }
    }
}
