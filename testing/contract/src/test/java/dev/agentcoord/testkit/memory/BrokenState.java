package dev.agentcoord.testkit.memory;

import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.LimitExceededException;
import dev.agentcoord.SharedState;
import dev.agentcoord.Versioned;
import dev.agentcoord.spi.StateStore;
import dev.agentcoord.testkit.memory.Broken.Space;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;

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
                        "a_compare_and_set_writes_over_the_revision_it_names_only",
                        "a_delete_takes_the_revision_it_names_only",
                        "a_value_may_be_empty_or_as_large_as_the_limit",
                        "keys_are_listed_in_order_page_by_page",
                        "no_revision_of_a_key_comes_twice_even_when_it_was_deleted",
                        "putting_if_absent_never_overwrites",
                        "what_one_writes_all_read"),
                keys(
                        "overwrites whatever is there",
                        () -> new MemoryKeys() {
                            @Override
                            synchronized OptionalLong write(String key, long expected, byte[] value) {
                                return super.write(key, StateStore.ANY, value);
                            }
                        },
                        "a_compare_and_set_writes_over_the_revision_it_names_only",
                        "no_revision_of_a_key_comes_twice_even_when_it_was_deleted",
                        "putting_if_absent_never_overwrites"),
                keys(
                        "deletes whatever is there",
                        () -> new MemoryKeys() {
                            @Override
                            synchronized boolean delete(String key, long revision) {
                                return super.delete(key, revisionOf(key));
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
                        "no_revision_of_a_key_comes_twice_even_when_it_was_deleted"),
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
                            synchronized OptionalLong write(String key, long expected, byte[] value) {
                                return super.write(key, expected, Arrays.copyOf(value, Math.min(value.length, 4_096)));
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

    private static Broken keys(String what, Supplier<MemoryKeys> keys, String... caughtBy) {
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
}
