package dev.agentcoord;

/**
 * A transaction on the shared state, of at most 64 conditions, writes and keys to read together: all its writes happen at one moment at
 * which all conditions are true, or none. Immutable: each method returns a larger one. Thread-safe.
 */
public interface Txn {
    /** Adds conditions. */
    Txn when(Condition... conditions);

    /** Adds what to write if all conditions are true; each key once. */
    Txn then(Write... writes);

    /** Adds keys to read, at the moment of the decision, if one of the conditions is not. */
    Txn otherwise(String... keys);

    /**
     * Decides and does it, serializable with everything else in the space. Throws {@link InvalidRequestException} or
     * {@link LimitExceededException} before anything is sent, {@link OutcomeUnknownException} when nobody can say whether it was done.
     */
    TxnResult commit();
}
