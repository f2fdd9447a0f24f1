package dev.agentcoord;

import java.util.List;

/** What has to be true, all at one moment, for the writes of a {@link Txn} to happen. Immutable. */
public sealed interface Condition {
    /** Any revision, as long as there is one. */
    long EXISTS = -1;
    /** No revision: there is no such key. */
    long ABSENT = 0;

    /** The key has a value. */
    static Condition exists(String key) {
        return new OfKey(key, EXISTS);
    }

    /** The key has no value. */
    static Condition absent(String key) {
        return new OfKey(key, ABSENT);
    }

    /** The key is still at that revision; throws {@link InvalidRequestException} for one that no key can have. */
    static Condition revision(String key, long revision) {
        if (revision < 1) {
            throw new InvalidRequestException(
                    key, "no revision of a key is " + revision + "; use the one that get() returned, or absent(key)");
        }
        return new OfKey(key, revision);
    }

    /** All locks of the grant are held at the very moment of the writes: what fences them, with no window between check and write. */
    static Condition requireHeld(Grant grant) {
        return new Held(grant.tokens());
    }

    /** The lock with that token is held at the very moment of the writes, whoever holds it. */
    static Condition requireHeld(FencingToken token) {
        return new Held(List.of(token));
    }

    /**
     * About one key.
     *
     * @param key the key
     * @param revision it has to be at: {@link #EXISTS}, {@link #ABSENT} or one
     */
    record OfKey(String key, long revision) implements Condition {}

    /**
     * About locks.
     *
     * @param tokens of the tickets that all have to be granted still
     */
    record Held(List<FencingToken> tokens) implements Condition {
        /** Copies. */
        public Held {
            tokens = List.copyOf(tokens);
        }
    }
}
