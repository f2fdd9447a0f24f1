package dev.agentcoord.zk;

import dev.agentcoord.StoreUnavailableException;
import dev.agentcoord.zk.Requests.Found;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.NodeExistsException;
import org.apache.zookeeper.KeeperException.SessionExpiredException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.Stat;

/**
 * Changes several znodes at once and knows whether that was done, even where the answer is lost: each change also writes its number into
 * an ephemeral znode of the session, {@code writers/<session>.<slot>}, which one change at a time uses. So a lost answer is read there,
 * and what was not done is done again. Thread-safe.
 */
final class Commits {
    private static final byte[] NONE = {};

    private final ZkStoreSession session;
    private final Requests requests;
    private final Deque<Slot> idle = new ConcurrentLinkedDeque<>();
    private final AtomicInteger slots = new AtomicInteger();
    private final AtomicLong numbers = new AtomicLong();

    Commits(ZkStoreSession session) {
        this.session = session;
        this.requests = session.connection().own().awaited();
    }

    private static final class Slot {
        private final String path;
        private boolean made;

        Slot(String path) {
            this.path = path;
        }
    }

    /**
     * What was done.
     *
     * @param at the transaction that did it, which no other ever is
     * @param results of each request; empty where the answer was lost
     */
    record Done(long at, List<OpResult> results) {}

    /**
     * Does all of it or nothing, once; throws what refused it. Throws {@link dev.agentcoord.OutcomeUnknownException} where its answer was
     * lost and what became of it cannot be read in time.
     */
    Done commit(Call call, List<Op> ops) throws KeeperException {
        Slot polled = idle.pollFirst();
        Slot slot = polled == null ? new Slot(pathOf(slots.getAndIncrement())) : polled;
        try {
            make(call, slot);
            return commit(call, slot, ops);
        } finally {
            idle.addFirst(slot);
        }
    }

    private String pathOf(int slot) {
        return session.space().node().writers() + "/" + session.info().id() + "." + slot;
    }

    private void make(Call call, Slot slot) throws KeeperException {
        if (slot.made) {
            return;
        }
        slot.made = Caller.repeatedly(call, attempt -> {
            try {
                attempt.await(requests.create(slot.path, NONE, session.acl(), CreateMode.EPHEMERAL));
            } catch (NodeExistsException e) {
                // Its own: the answer to the first try was lost.
                return true;
            }
            return true;
        });
    }

    private Done commit(Call call, Slot slot, List<Op> ops) throws KeeperException {
        byte[] number = Long.toString(numbers.incrementAndGet()).getBytes(StandardCharsets.US_ASCII);
        List<Op> all = new ArrayList<>();
        all.add(Op.setData(slot.path, number, Requests.ANY_VERSION));
        all.addAll(ops);
        while (true) {
            Optional<Done> done = attempt(call, slot, all);
            done = done.isPresent() ? done : find(call, slot, number);
            if (done.isPresent()) {
                return done.get();
            }
        }
    }

    /** Empty where the answer was lost. */
    private Optional<Done> attempt(Call call, Slot slot, List<Op> all) throws KeeperException {
        if (!session.connection().isAlive()) {
            throw new SessionExpiredException();
        }
        try {
            List<OpResult> results = call.await(requests.multi(all));
            Stat written = ((OpResult.SetDataResult) results.get(0)).getStat();
            long at = written.getMzxid();
            session.clock().learn(written.getMtime());
            return Optional.of(new Done(at, results.subList(1, results.size())));
        } catch (KeeperException e) {
            if (Failures.isLostConnection(e)) {
                return Optional.empty();
            }
            if (e instanceof SessionExpiredException) {
                session.endLost();
                throw call.unknown(e);
            }
            // Should it be the slot that is not there, it is made before the next.
            slot.made &= !(e instanceof KeeperException.NoNodeException);
            throw e;
        } catch (StoreUnavailableException e) {
            throw call.unknown(e);
        }
    }

    /** The transaction that did what the answer was lost to; empty when it is certain that it was not done and will not be. */
    private Optional<Done> find(Call call, Slot slot, byte[] number) {
        Optional<Found> found;
        try {
            found = Caller.repeatedly(call, attempt -> {
                var fence = session.record().fence(requests);
                var marked = requests.data(slot.path, null);
                attempt.await(fence);
                return attempt.await(marked);
            });
        } catch (SessionExpiredException e) {
            session.endLost();
            throw call.unknown(e);
        } catch (KeeperException | StoreUnavailableException e) {
            throw call.unknown(e);
        }
        if (found.isEmpty()) {
            throw call.unknown(new KeeperException.NoNodeException(slot.path));
        }
        return Arrays.equals(found.get().bytes(), number)
                ? Optional.of(new Done(found.get().stat().getMzxid(), List.of()))
                : Optional.empty();
    }
}
