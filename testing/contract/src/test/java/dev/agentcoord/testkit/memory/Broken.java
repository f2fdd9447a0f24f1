package dev.agentcoord.testkit.memory;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Locks;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.spi.Backend;
import dev.agentcoord.testkit.BackendUnderTest;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A backend with one thing wrong, and the contract tests that must find it.
 *
 * @param what is wrong with it, a sentence without its subject
 * @param space makes a space of it
 * @param sessions changes each session of it
 * @param caughtBy names of exactly the tests that fail
 */
record Broken(String what, Supplier<MemoryBackend> space, UnaryOperator<Session> sessions, Set<String> caughtBy) {
    /** A space that is wrong in one overridden method. */
    static Broken space(String what, Supplier<MemoryBackend> space, String... caughtBy) {
        return new Broken(what, space, UnaryOperator.identity(), Set.of(caughtBy));
    }

    /** Sessions that are wrong in one overridden method. */
    static Broken sessions(String what, UnaryOperator<Session> sessions, String... caughtBy) {
        return new Broken(what, Space::new, sessions, Set.of(caughtBy));
    }

    /** Locks that are wrong in one overridden method. */
    static Broken locks(String what, UnaryOperator<Locks> change, String... caughtBy) {
        return sessions(
                what,
                session -> new Forwarding.Joined(session) {
                    private final Locks locks = change.apply(session.locks());

                    @Override
                    public Locks locks() {
                        return locks;
                    }
                },
                caughtBy);
    }

    /** Grants that are wrong in one overridden method. */
    static Broken grants(String what, UnaryOperator<Grant> change, String... caughtBy) {
        return locks(
                what,
                locks -> new Forwarding.Locking(locks) {
                    @Override
                    public Optional<Grant> tryAcquire(LockRequest request) {
                        return super.tryAcquire(request).map(change);
                    }
                },
                caughtBy);
    }

    BackendUnderTest subject() {
        MemoryBackend shared = space.get();
        return new BackendUnderTest() {
            @Override
            public Backend open() {
                return shared;
            }

            @Override
            public void kill(Session session) {
                shared.kill(session.info().id());
            }

            @Override
            public Coordinator coordinator(Backend backend, TimeSource time) {
                return new Forwarding.Coordinating(MemoryCoordinator.over(shared, time)) {
                    @Override
                    public Session join(Participant participant) {
                        return sessions.apply(super.join(participant));
                    }
                };
            }
        };
    }

    @Override
    public String toString() {
        return what;
    }

    /** A space that knows when it is telling others that they are let in. */
    static class LettingSpace extends Space {
        private volatile boolean letting;

        boolean isLettingIn() {
            return letting;
        }

        @Override
        void wake(Collection<Ticket> admitted) {
            letting = true;
            super.wake(admitted);
            letting = false;
        }
    }

    /** A space to override one method of. */
    static class Space extends MemoryBackend {
        Space() {
            super("broken", TimeSource.system());
        }
    }
}
