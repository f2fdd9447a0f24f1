package dev.agentcoord.testkit.memory;

import dev.agentcoord.SessionId;
import dev.agentcoord.SharedState;
import dev.agentcoord.StateEvent;
import dev.agentcoord.Subscription;
import dev.agentcoord.Versioned;
import dev.agentcoord.Write;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Wrong about what a session sees of the shared state, and about what ends with a session. */
final class BrokenWatches {
    private BrokenWatches() {}

    static List<Broken> all() {
        return List.of(
                BrokenState.keys(
                        "keeps ephemeral values",
                        () -> new MemoryKeys() {
                            @Override
                            void end(SessionId session) {
                                tell();
                            }
                        },
                        "a_watch_tells_that_an_ephemeral_value_has_gone_with_its_session",
                        "what_is_ephemeral_goes_with_its_session"),
                BrokenState.keys(
                        "removes what others wrote over an ephemeral value",
                        () -> new MemoryKeys() {
                            private final Map<String, SessionId> ephemeral = new ConcurrentHashMap<>();

                            @Override
                            long apply(List<Write> writes, SessionId me) {
                                writes.stream()
                                        .filter(Write::isEphemeral)
                                        .forEach(write -> ephemeral.put(write.key(), me));
                                return super.apply(writes, me);
                            }

                            @Override
                            synchronized void end(SessionId session) {
                                super.end(session);
                                ephemeral.forEach((key, owner) -> {
                                    if (owner.equals(session)) {
                                        set(key, null);
                                    }
                                });
                            }
                        },
                        "what_another_wrote_over_an_ephemeral_value_stays"),
                BrokenState.keys(
                        "tells nobody that an ephemeral value is gone",
                        () -> new MemoryKeys() {
                            private boolean ending;

                            @Override
                            synchronized void end(SessionId session) {
                                ending = true;
                                super.end(session);
                                ending = false;
                            }

                            @Override
                            void tell() {
                                if (!ending) {
                                    super.tell();
                                }
                            }
                        },
                        "a_watch_tells_that_an_ephemeral_value_has_gone_with_its_session"),
                feeds(
                        "notes one change at a time",
                        (prefix, hint, feeds) -> new MemoryFeed(prefix, hint, feeds) {
                            @Override
                            synchronized void note(String key) {
                                if (changed.isEmpty()) {
                                    super.note(key);
                                }
                            }
                        },
                        "a_listener_that_was_held_up_ends_with_the_right_state",
                        "a_watch_ends_with_the_last_value_however_many_there_were"),
                feeds(
                        "says nothing of what it could not note",
                        (prefix, hint, feeds) -> new MemoryFeed(prefix, hint, feeds) {
                            @Override
                            synchronized void note(String key) {
                                if (changed.size() < 500) {
                                    super.note(key);
                                }
                            }
                        },
                        "a_listener_that_was_held_up_ends_with_the_right_state"),
                feeds(
                        "leaves out keys it has told of before",
                        (prefix, hint, feeds) -> new MemoryFeed(prefix, hint, feeds) {
                            private final Set<String> told = ConcurrentHashMap.newKeySet();

                            @Override
                            public synchronized Optional<Set<String>> changed() {
                                changed.removeAll(told);
                                told.addAll(changed);
                                return super.changed();
                            }
                        },
                        "a_watch_tells_first_what_is_there_then_what_changes"),
                feeds(
                        "tells of keys of any prefix",
                        (prefix, hint, feeds) -> new MemoryFeed("", hint, feeds),
                        "a_watch_tells_first_what_is_there_then_what_changes"),
                BrokenState.states(
                        "goes on telling when a watch is closed",
                        to -> new Forwarding.Stating(to) {
                            @Override
                            public Subscription watch(String prefix, Consumer<StateEvent> listener) {
                                Subscription ignored = super.watch(prefix, listener);
                                return () -> {};
                            }
                        },
                        "a_closed_watch_tells_nothing_more"),
                BrokenState.states(
                        "answers from what it read before where the truth is asked for",
                        to -> new Forwarding.Stating(to) {
                            @Override
                            public SharedState linearizable() {
                                return new Forwarding.Stating(super.linearizable()) {
                                    private final Map<String, List<Versioned>> read = new ConcurrentHashMap<>();

                                    @Override
                                    public List<Versioned> list(String prefix, String after, int limit) {
                                        return read.computeIfAbsent(prefix, p -> super.list(prefix, after, limit));
                                    }
                                };
                            }
                        },
                        "a_linearizable_read_sees_what_anybody_was_told_is_written"),
                BrokenState.states(
                        "reads a little behind what it wrote",
                        to -> new Forwarding.Stating(to) {
                            private final Map<String, Optional<Versioned>> before = new ConcurrentHashMap<>();

                            @Override
                            public long put(String key, byte[] value) {
                                before.put(key, super.get(key));
                                return super.put(key, value);
                            }

                            @Override
                            public Optional<Versioned> get(String key) {
                                Optional<Versioned> old = before.remove(key);
                                return old != null && old.isPresent() ? old : super.get(key);
                            }
                        },
                        "a_delete_takes_the_revision_it_names_only",
                        "a_session_reads_what_it_wrote",
                        "what_another_wrote_over_an_ephemeral_value_stays"));
    }

    private interface Feeding {
        MemoryFeed feed(String prefix, Runnable hint, List<MemoryFeed> feeds);
    }

    private static Broken feeds(String what, Feeding feeding, String... caughtBy) {
        return BrokenState.keys(
                what,
                () -> new MemoryKeys() {
                    @Override
                    MemoryFeed newFeed(String prefix, Runnable hint) {
                        return feeding.feed(prefix, hint, feeds);
                    }
                },
                caughtBy);
    }
}
