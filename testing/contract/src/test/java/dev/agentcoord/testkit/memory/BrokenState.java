package dev.agentcoord.testkit.memory;

import dev.agentcoord.Condition;
import dev.agentcoord.FencingToken;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.LimitExceededException;
import dev.agentcoord.SessionId;
import dev.agentcoord.SharedState;
import dev.agentcoord.TxnResult;
import dev.agentcoord.Versioned;
import dev.agentcoord.Write;
import dev.agentcoord.spi.StateTxn;
import dev.agentcoord.testkit.memory.Broken.Space;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Wrong about how shared state is kept. */
final class BrokenState {
    private BrokenState() {}

    static List<Broken> all() {
        return List.of(
                Broken.space(
                        "gives everybody keys of their own",
                        () -> new Space() {
                            @Override
                            MemoryKeys keys() {
                                return new MemoryKeys();
                            }
                        },
                        "a_closed_watch_tells_nothing_more",
                        "a_compare_and_set_writes_over_the_revision_it_names_only",
                        "a_delete_takes_the_revision_it_names_only",
                        "a_guard_refuses_a_token_lower_than_one_it_has_seen",
                        "a_guard_refuses_a_token_of_another_store_until_it_is_reset",
                        "a_linearizable_read_sees_what_anybody_was_told_is_written",
                        "a_listener_that_was_held_up_ends_with_the_right_state",
                        "a_session_reads_what_it_wrote",
                        "a_transaction_writes_all_of_it_when_all_conditions_are_true",
                        "a_transaction_writes_nothing_when_one_condition_is_false_and_reads_instead",
                        "a_value_may_be_empty_or_as_large_as_the_limit",
                        "a_watch_tells_first_what_is_there_then_what_changes",
                        "a_watch_tells_that_an_ephemeral_value_has_gone_with_its_session",
                        "as_many_writes_as_the_limit_happen_together",
                        "grants_of_one_file_pass_a_guard_in_the_order_granted",
                        "keys_are_listed_in_order_page_by_page",
                        "no_revision_of_a_key_comes_twice_even_when_it_was_deleted",
                        "nobody_reads_half_a_transaction",
                        "putting_if_absent_never_overwrites",
                        "transfers_of_several_neither_make_nor_lose_anything",
                        "what_another_wrote_over_an_ephemeral_value_stays",
                        "what_is_ephemeral_goes_with_its_session",
                        "what_one_writes_all_read"),
                keys(
                        "overwrites whatever is there",
                        () -> new MemoryKeys() {
                            @Override
                            boolean isTrue(Condition condition, Predicate<FencingToken> held) {
                                return condition instanceof Condition.OfKey || super.isTrue(condition, held);
                            }
                        },
                        "a_compare_and_set_writes_over_the_revision_it_names_only",
                        "a_delete_takes_the_revision_it_names_only",
                        "a_transaction_writes_nothing_when_one_condition_is_false_and_reads_instead",
                        "no_revision_of_a_key_comes_twice_even_when_it_was_deleted",
                        "nobody_reads_half_a_transaction",
                        "putting_if_absent_never_overwrites",
                        "transfers_of_several_neither_make_nor_lose_anything"),
                keys(
                        "deletes whatever is there",
                        () -> new MemoryKeys() {
                            @Override
                            synchronized TxnResult commit(StateTxn txn, SessionId me, Predicate<FencingToken> held) {
                                boolean deletes = !txn.writes().isEmpty()
                                        && txn.writes().stream()
                                                .allMatch(write -> write.value().isEmpty());
                                return super.commit(
                                        deletes ? new StateTxn(List.of(), txn.writes(), txn.reads()) : txn, me, held);
                            }
                        },
                        "a_delete_takes_the_revision_it_names_only"),
                keys(
                        "counts revisions of a deleted key from one again",
                        () -> new MemoryKeys() {
                            @Override
                            long nextRevision(String key) {
                                return revisionOf(key) + 1;
                            }
                        },
                        "no_revision_of_a_key_comes_twice_even_when_it_was_deleted",
                        "what_is_ephemeral_goes_with_its_session"),
                keys(
                        "begins every page at the first key",
                        () -> new MemoryKeys() {
                            @Override
                            synchronized List<Versioned> list(String prefix, String after, int limit) {
                                return super.list(prefix, "", limit);
                            }
                        },
                        "keys_are_listed_in_order_page_by_page"),
                keys(
                        "cuts large values",
                        () -> new MemoryKeys() {
                            @Override
                            long apply(List<Write> writes, SessionId me) {
                                return super.apply(
                                        writes.stream().map(BrokenState::cut).toList(), me);
                            }
                        },
                        "a_value_may_be_empty_or_as_large_as_the_limit"),
                Broken.sessions(
                        "swallows what is malformed",
                        session -> new Forwarding.Joined(session) {
                            @Override
                            public SharedState state() {
                                return new Forwarding.Stating(super.state()) {
                                    @Override
                                    public long put(String key, byte[] value) {
                                        try {
                                            return super.put(key, value);
                                        } catch (InvalidRequestException | LimitExceededException e) {
                                            return 1;
                                        }
                                    }
                                };
                            }
                        },
                        "what_is_malformed_or_too_large_is_refused"));
    }

    private static Write cut(Write write) {
        return write.value()
                .filter(value -> value.length > 4_096)
                .map(value -> Write.put(write.key(), Arrays.copyOf(value, 4_096)))
                .orElse(write);
    }

    static Broken keys(String what, Supplier<MemoryKeys> keys, String... caughtBy) {
        return Broken.space(
                what,
                () -> new Space() {
                    private final MemoryKeys broken = keys.get();

                    @Override
                    MemoryKeys keys() {
                        return broken;
                    }
                },
                caughtBy);
    }

    /** Shared states that are wrong in one overridden method. */
    static Broken states(String what, UnaryOperator<SharedState> change, String... caughtBy) {
        return Broken.sessions(
                what,
                session -> new Forwarding.Joined(session) {
                    private final SharedState state = change.apply(session.state());

                    @Override
                    public SharedState state() {
                        return state;
                    }
                },
                caughtBy);
    }
}
