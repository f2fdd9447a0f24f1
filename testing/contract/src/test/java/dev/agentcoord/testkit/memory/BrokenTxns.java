package dev.agentcoord.testkit.memory;

import dev.agentcoord.Condition;
import dev.agentcoord.FencingToken;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.LimitExceededException;
import dev.agentcoord.SessionId;
import dev.agentcoord.Txn;
import dev.agentcoord.TxnResult;
import dev.agentcoord.Versioned;
import dev.agentcoord.Write;
import dev.agentcoord.spi.StateTxn;
import dev.agentcoord.testkit.memory.Broken.Space;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Wrong about transactions, and what guards them. */
final class BrokenTxns {
    private static final String[] FENCED = {
        "a_guard_refuses_a_token_lower_than_one_it_has_seen",
        "a_guard_refuses_a_token_of_another_store_until_it_is_reset",
        "grants_of_one_file_pass_a_guard_in_the_order_granted"
    };

    private BrokenTxns() {}

    static List<Broken> all() {
        return List.of(
                BrokenState.keys(
                        "does the first write of a refused transaction",
                        () -> new MemoryKeys() {
                            @Override
                            synchronized TxnResult commit(StateTxn txn, SessionId me, Predicate<FencingToken> held) {
                                TxnResult result = super.commit(txn, me, held);
                                if (!result.committed() && txn.writes().size() > 1) {
                                    apply(txn.writes().subList(0, 1), me);
                                }
                                return result;
                            }
                        },
                        "a_transaction_writes_nothing_when_one_condition_is_false_and_reads_instead",
                        "transfers_of_several_neither_make_nor_lose_anything"),
                Broken.space(
                        "lets others read between the writes of a transaction",
                        () -> new Space() {
                            @Override
                            TxnResult commit(MemorySession session, StateTxn txn) {
                                if (txn.writes().size() != 2
                                        || !txn.conditions().isEmpty()) {
                                    return super.commit(session, txn);
                                }
                                super.commit(
                                        session,
                                        new StateTxn(List.of(), txn.writes().subList(0, 1), List.of()));
                                LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
                                return super.commit(
                                        session,
                                        new StateTxn(List.of(), txn.writes().subList(1, 2), List.of()));
                            }
                        },
                        "nobody_reads_half_a_transaction"),
                BrokenState.keys(
                        "looks at the first condition only",
                        () -> new MemoryKeys() {
                            @Override
                            synchronized TxnResult commit(StateTxn txn, SessionId me, Predicate<FencingToken> held) {
                                List<Condition> first =
                                        txn.conditions().stream().limit(1).toList();
                                return super.commit(new StateTxn(first, txn.writes(), txn.reads()), me, held);
                            }
                        },
                        "a_transaction_writes_nothing_when_one_condition_is_false_and_reads_instead",
                        "transfers_of_several_neither_make_nor_lose_anything"),
                BrokenState.keys(
                        "forgets deletions beside other writes",
                        () -> new MemoryKeys() {
                            @Override
                            long apply(List<Write> writes, SessionId me) {
                                return super.apply(
                                        writes.stream()
                                                .filter(write -> writes.size() == 1
                                                        || write.value().isPresent())
                                                .toList(),
                                        me);
                            }
                        },
                        "a_transaction_writes_all_of_it_when_all_conditions_are_true"),
                BrokenState.keys(
                        "does half of a large transaction",
                        () -> new MemoryKeys() {
                            @Override
                            long apply(List<Write> writes, SessionId me) {
                                return super.apply(writes.subList(0, Math.min(32, writes.size())), me);
                            }
                        },
                        "as_many_writes_as_the_limit_happen_together"),
                BrokenState.keys(
                        "reads nothing when it refuses",
                        () -> new MemoryKeys() {
                            @Override
                            Map<String, Versioned> read(List<String> keys) {
                                return Map.of();
                            }
                        },
                        "a_transaction_writes_nothing_when_one_condition_is_false_and_reads_instead",
                        "nobody_reads_half_a_transaction"),
                Broken.space(
                        "takes any lock for held",
                        () -> new Space() {
                            @Override
                            boolean isHeld(FencingToken token) {
                                return true;
                            }
                        },
                        "a_lock_that_still_waits_is_not_held",
                        "a_transaction_writes_nothing_when_one_condition_is_false_and_reads_instead",
                        "a_write_that_requires_a_lock_happens_only_while_that_is_held",
                        "the_locks_of_a_dead_session_guard_nothing"),
                Broken.space(
                        "takes a waiting lock for held",
                        () -> new Space() {
                            @Override
                            boolean isHeld(FencingToken token) {
                                return tickets().stream()
                                        .anyMatch(ticket -> tokenOf(ticket).equals(token));
                            }
                        },
                        "a_lock_that_still_waits_is_not_held"),
                Broken.space(
                        "takes what was held once for held",
                        () -> new Space() {
                            private final Set<FencingToken> once = ConcurrentHashMap.newKeySet();

                            @Override
                            boolean isHeld(FencingToken token) {
                                return once.contains(token) || (super.isHeld(token) && once.add(token));
                            }
                        },
                        "a_write_that_requires_a_lock_happens_only_while_that_is_held",
                        "the_locks_of_a_dead_session_guard_nothing"),
                BrokenState.keys(
                        "forgets what guards have seen",
                        () -> new MemoryKeys() {
                            @Override
                            long apply(List<Write> writes, SessionId me) {
                                return !writes.isEmpty() && writes.get(0).key().startsWith("fence/")
                                        ? 1
                                        : super.apply(writes, me);
                            }
                        },
                        FENCED),
                BrokenState.states(
                        "swallows what is malformed about a transaction",
                        to -> new Forwarding.Stating(to) {
                            @Override
                            public Txn txn() {
                                return new Swallowing(super.txn());
                            }
                        },
                        "a_transaction_that_is_malformed_or_too_large_is_refused"));
    }

    private record Swallowing(Txn to) implements Txn {
        @Override
        public Txn when(Condition... conditions) {
            try {
                return new Swallowing(to.when(conditions));
            } catch (InvalidRequestException | LimitExceededException e) {
                return this;
            }
        }

        @Override
        public Txn then(Write... writes) {
            try {
                return new Swallowing(to.then(writes));
            } catch (InvalidRequestException | LimitExceededException e) {
                return this;
            }
        }

        @Override
        public Txn otherwise(String... keys) {
            return new Swallowing(to.otherwise(keys));
        }

        @Override
        public TxnResult commit() {
            return to.commit();
        }
    }
}
