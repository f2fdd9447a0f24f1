package dev.agentcoord.harness;

import dev.agentcoord.Claim;
import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.SharedState;
import dev.agentcoord.StaleClaimException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;

/**
 * Breaks three promises on ZooKeeper, each in a part of its own: a release may remove the lock of another, a claim that is over may end
 * its task, and a value may be read that is old and be replaced all the same.
 */
public final class BrokenOnZooKeeper implements BackendOpener {
    private static final int EVERY = 4;
    private static final int SESSION_MILLIS = 10_000;
    private static final int ANY_VERSION = -1;
    private static final String LOCKS = "/agentcoord/" + SPACE + "/locks";

    @Override
    public Coordinator open(Path directory) {
        return new Broken(ZkStore.connect(directory)).over(ZkStore.open(directory));
    }

    private static final class Broken extends DistortedRequests {
        private final String connect;
        private final AtomicInteger releases = new AtomicInteger();
        private final AtomicInteger claims = new AtomicInteger();
        private final AtomicInteger reads = new AtomicInteger();
        private final Map<Object, Object> before = new ConcurrentHashMap<>();
        private @Nullable ZooKeeper raw;

        Broken(String connect) {
            super(request -> request);
            this.connect = connect;
        }

        @Override
        @Nullable Object answer(Object real, Method method, Object @Nullable [] args) throws ReflectiveOperationException {
            String name = method.getName();
            if (real instanceof SharedState state && name.equals("compareAndSet")) {
                Object[] given = Objects.requireNonNull(args);
                return OptionalLong.of(state.put((String) given[0], (byte[]) given[2]));
            }
            if (real instanceof SharedState && name.equals("get") && isTime(reads)) {
                Object now = method.invoke(real, args);
                Object old = before.put(Objects.requireNonNull(args)[0], now);
                return old == null ? now : old;
            }
            if (real instanceof Grant && name.equals("release") && isTime(releases)) {
                removeFirst();
            }
            if (real instanceof Claim && List.of("complete", "fail", "release").contains(name)) {
                return whoeverHasIt(real, method, args);
            }
            Object answer = super.answer(real, method, args);
            Object claimed = answer instanceof Optional<?> found ? found.orElse(null) : answer;
            if (claimed instanceof Claim claim && isTime(claims)) {
                claim.release(Duration.ZERO);
            }
            return answer;
        }

        private static boolean isTime(AtomicInteger calls) {
            return calls.incrementAndGet() % EVERY == 0;
        }

        private @Nullable Object whoeverHasIt(Object claim, Method method, Object @Nullable [] args)
                throws ReflectiveOperationException {
            try {
                return super.answer(claim, method, args);
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof StaleClaimException) {
                    return null;
                }
                throw e;
            }
        }

        /** Of all locks, whosever it is. */
        private synchronized void removeFirst() {
            try {
                ZooKeeper client = raw == null ? new ZooKeeper(connect, SESSION_MILLIS, event -> {}) : raw;
                raw = client;
                Optional<String> first = client.getChildren(LOCKS, false).stream()
                        .min(Comparator.comparing(ticket -> ticket.substring(ticket.lastIndexOf('~'))));
                if (first.isPresent()) {
                    client.delete(LOCKS + "/" + first.get(), ANY_VERSION);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (KeeperException e) {
                // It was gone before.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
