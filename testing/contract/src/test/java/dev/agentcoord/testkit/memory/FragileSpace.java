package dev.agentcoord.testkit.memory;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.FencingToken;
import dev.agentcoord.LossCause;
import dev.agentcoord.SessionId;
import dev.agentcoord.StoreUnavailableException;
import dev.agentcoord.TaskId;
import dev.agentcoord.TxnResult;
import dev.agentcoord.Versioned;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.spi.StateTxn;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A space that a test cuts off for some removals, damages in one place, or interrupts in the midst of a change. */
final class FragileSpace extends MemoryBackend {
    /** So many removals fail from now on. */
    final AtomicInteger outages = new AtomicInteger();
    /** What cannot be read: "locks", "listing", "losses", or a key. */
    final AtomicReference<String> damaged = new AtomicReference<>("");
    /** Run once. */
    final AtomicReference<Runnable> beforeFinish = new AtomicReference<>(() -> {});
    /** Run once. */
    final AtomicReference<Runnable> afterCommit = new AtomicReference<>(() -> {});

    private final MemoryKeys keys = new MemoryKeys() {
        @Override
        synchronized Optional<Versioned> get(String key) {
            if (key.equals(damaged.get())) {
                throw new CorruptRecordException(key, key + " cannot be read; look at it", null);
            }
            return super.get(key);
        }

        @Override
        synchronized TxnResult commit(StateTxn txn, SessionId me, Predicate<FencingToken> held) {
            TxnResult result = super.commit(txn, me, held);
            afterCommit.getAndSet(() -> {}).run();
            return result;
        }

        @Override
        MemoryFeed follow(String prefix, Runnable hint) {
            hint.run();
            // Long enough for whoever does not wait until there is a feed.
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            return super.follow(prefix, hint);
        }
    };

    FragileSpace(TimeSource time) {
        super("engine", time);
    }

    @Override
    public synchronized List<Ticket> tickets() {
        if ("listing".equals(damaged.get())) {
            throw new StoreUnavailableException("listing", "out of reach; try again", null);
        }
        return super.tickets();
    }

    @Override
    boolean remove(MemorySession session, Ticket mine) {
        if (outages.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new StoreUnavailableException(mine, "out of reach; try again", null);
        }
        if ("locks".equals(damaged.get())) {
            throw new CorruptRecordException(mine, "the locks cannot be read; look at them", null);
        }
        return super.remove(session, mine);
    }

    @Override
    @Nullable LossCause lossOf(MemorySession session, Ticket mine) {
        if ("losses".equals(damaged.get())) {
            throw new CorruptRecordException(mine, "nobody can tell whether it is lost; look at it", null);
        }
        return super.lossOf(session, mine);
    }

    @Override
    MemoryKeys keys() {
        return keys;
    }

    @Override
    void leaving(String queue, TaskId id, Runnable finishing) {
        beforeFinish.getAndSet(() -> {}).run();
        super.leaving(queue, id, finishing);
    }
}
