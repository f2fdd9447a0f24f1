package dev.agentcoord.zk;

import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.TxnResult;
import dev.agentcoord.Versioned;
import dev.agentcoord.spi.StateFeed;
import dev.agentcoord.spi.StateStore;
import dev.agentcoord.spi.StateTxn;
import java.util.List;
import java.util.Optional;

/** What this version of the backend has not: every call says so. */
final class Missing {
    private Missing() {}

    static StateStore state() {
        return new NoState();
    }

    static InvalidRequestException refusal(Object subject) {
        return new InvalidRequestException(
                subject,
                subject
                        + ": queues and shared state are not on ZooKeeper in this version; use a store of the form fs:/dir");
    }

    private static final class NoState implements StateStore {
        @Override
        public Optional<Versioned> get(String key) {
            throw refusal(key);
        }

        @Override
        public List<Versioned> list(String prefix, String after, int limit) {
            throw refusal(prefix);
        }

        @Override
        public TxnResult commit(StateTxn txn) {
            throw refusal("a change of the state");
        }

        @Override
        public StateFeed follow(String prefix, Runnable hint) {
            throw refusal(prefix);
        }
    }
}
