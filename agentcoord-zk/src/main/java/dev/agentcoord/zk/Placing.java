package dev.agentcoord.zk;

import dev.agentcoord.Claim;
import dev.agentcoord.CoordinationException;
import dev.agentcoord.LockRequest;
import dev.agentcoord.OutcomeUnknownException;
import dev.agentcoord.SessionId;
import dev.agentcoord.StoreUnavailableException;
import dev.agentcoord.core.Limits;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.zk.Requests.Found;
import dev.agentcoord.zk.Requests.Listing;
import dev.agentcoord.zk.Requests.Made;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * Makes one ticket and lists all, in one round trip: a session's requests are done in order, so the list has the new ticket and every
 * earlier one. A lost answer is never followed by a second try before it is certain that the first made nothing.
 */
final class Placing {
    private final ZkStoreSession session;
    private final @Nullable Claim claim;
    private final Owner task;
    private final long request;
    private final LockRequest wants;
    private final Requests requests;
    private final Removals removals;
    private final SessionRecord record;
    private final Tickets tickets;
    private final String mark;
    private final String prefix;
    private final byte[] data;
    private final List<ACL> acl;

    Placing(ZkStoreSession session, LockRequest wants, long request) {
        SessionId id = session.info().id();
        this.requests = session.connection().own().awaited();
        this.removals = session.removals();
        this.record = session.record();
        this.tickets = session.readTickets();
        this.mark = TicketNode.mark(id, request);
        this.session = session;
        this.claim = wants.claim().orElse(null);
        this.task = Owner.of(wants, id);
        this.request = request;
        this.wants = wants;
        String name =
                claim == null ? TicketNode.prefix(wants, id, request) : TicketNode.prefix(wants, id, request, task);
        this.prefix = tickets.path(name);
        this.data = Limits.value("the text of a lock request", TicketNode.data(wants, name));
        this.acl = session.acl();
    }

    /**
     * A ticket that is in the line.
     *
     * @param name of its znode
     * @param ticket what it says
     * @param listing of a moment after it was made
     */
    record Placed(String name, Ticket ticket, Listing listing) {}

    /** Places it; where that fails nothing is left, or will be as soon as the ensemble can be told. */
    Placed place(Call call) throws KeeperException {
        return claim == null ? placeOwn(call) : placeUnder(call, claim);
    }

    /** For a task: only as long as its claim stands, and so that whoever ends that sees it. */
    private Placed placeUnder(Call call, Claim under) throws KeeperException {
        List<Op> both = List.of(
                Op.setData(session.taskTickets().placeOf(under), new byte[0], Requests.ANY_VERSION),
                Op.create(prefix, data, acl, CreateMode.PERSISTENT_SEQUENTIAL));
        Commits.Done done;
        Listing listing;
        try {
            done = commit(call, under, both);
            listing = Caller.repeatedly(call, tickets::list);
        } catch (KeeperException | StoreUnavailableException | OutcomeUnknownException e) {
            // It may have been made, and does not go with the session.
            removals.removeMarked(mark);
            throw e;
        }
        for (String name : listing.names()) {
            if (name.contains(mark)) {
                Ticket ticket = new Ticket(
                        done.at(),
                        under.token().generation(),
                        task,
                        request,
                        wants,
                        Instant.ofEpochMilli(session.clock().now()));
                return new Placed(name, ticket, listing);
            }
        }
        throw TaskTickets.stale(under);
    }

    private Commits.Done commit(Call call, Claim under, List<Op> ops) throws KeeperException {
        try {
            return session.commits().commit(call, ops);
        } catch (KeeperException.NoNodeException e) {
            throw TaskTickets.stale(under);
        }
    }

    private Placed placeOwn(Call call) throws KeeperException {
        while (true) {
            Removals.Sent released = removals.takeDue();
            CompletableFuture<Made> made = released == null
                    ? requests.create(prefix, data, acl, CreateMode.EPHEMERAL_SEQUENTIAL)
                    : replace(released);
            CompletableFuture<Listing> listed = requests.children(tickets.parent(), null);
            awaitLast(call, listed);
            Optional<Made> answer = answer(call, made, released != null);
            if (answer.isPresent()) {
                return placed(call, answer.get(), listed);
            }
            Optional<Placed> adopted = adopt(call, made);
            if (adopted.isPresent()) {
                return adopted.get();
            }
        }
    }

    /** Who waits for the last of several answers is woken once; what went wrong with it shows when it is asked for. */
    private static void awaitLast(Call call, CompletableFuture<?> last) {
        try {
            call.await(last);
        } catch (KeeperException | CoordinationException e) {
            return;
        }
    }

    /** Makes it in one write with the release of another ticket, which the servers sync once. */
    private CompletableFuture<Made> replace(Removals.Sent released) {
        List<Op> all = List.of(
                record.fence(),
                Op.delete(released.path(), Requests.ANY_VERSION),
                Op.create(prefix, data, acl, CreateMode.EPHEMERAL_SEQUENTIAL));
        CompletableFuture<Made> made = requests.multi(all).thenApply(results -> {
            Stat fenced = ((OpResult.SetDataResult) results.get(0)).getStat();
            Stat stat = new Stat();
            stat.setCzxid(fenced.getMzxid());
            stat.setCtime(fenced.getMtime());
            return new Made(((OpResult.CreateResult) results.get(2)).getPath(), stat);
        });
        removals.goesWith(released, made);
        return made;
    }

    /** Empty where it was lost, or nothing was made since what was to be replaced is gone. */
    private Optional<Made> answer(Call call, CompletableFuture<Made> made, boolean replaces) throws KeeperException {
        try {
            return Optional.of(call.await(made));
        } catch (KeeperException e) {
            if (Failures.isLostConnection(e) || (replaces && e instanceof KeeperException.NoNodeException)) {
                return Optional.empty();
            }
            throw e;
        } catch (StoreUnavailableException e) {
            removals.remove(mark, made);
            throw e;
        }
    }

    private Placed placed(Call call, Made made, CompletableFuture<Listing> listed) throws KeeperException {
        try {
            String name = made.path().substring(made.path().lastIndexOf('/') + 1);
            TicketNode node = TicketNode.made(name, wants, session.info().id(), request);
            return placed(node, data, made.stat(), tickets.list(call, listed));
        } catch (KeeperException | RuntimeException e) {
            removals.remove(made.path());
            throw e;
        }
    }

    private Placed placed(TicketNode node, byte[] bytes, Stat stat, Listing listing) {
        return new Placed(node.name(), tickets.learn(node, bytes, stat), listing);
    }

    /** What the lost request made; empty when it is certain that it made nothing and will not. */
    private Optional<Placed> adopt(Call call, CompletableFuture<Made> lost) throws KeeperException {
        try {
            return Caller.repeatedly(call, this::look);
        } catch (KeeperException | RuntimeException e) {
            removals.remove(mark, lost);
            throw e;
        }
    }

    private Optional<Placed> look(Call call) throws KeeperException {
        Listing listing = call.await(record.fenced(requests, tickets.parent()));
        for (String name : listing.names()) {
            if (name.contains(mark)) {
                Optional<Found> found = call.await(requests.data(tickets.path(name), null));
                if (found.isPresent()) {
                    Found node = found.get();
                    return Optional.of(placed(tickets.node(name), node.bytes(), node.stat(), listing));
                }
            }
        }
        return Optional.empty();
    }
}
