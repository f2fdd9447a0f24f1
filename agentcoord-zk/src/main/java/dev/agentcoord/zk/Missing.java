package dev.agentcoord.zk;

import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.Versioned;
import dev.agentcoord.spi.StateStore;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

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
        public OptionalLong write(String key, long expected, byte[] value) {
            throw refusal(key);
        }

        @Override
        public boolean delete(String key, long revision) {
            throw refusal(key);
        }
    }
}
