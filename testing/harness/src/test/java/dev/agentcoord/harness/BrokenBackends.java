package dev.agentcoord.harness;

import dev.agentcoord.Claim;
import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Mode;
import dev.agentcoord.NewTask;
import dev.agentcoord.SharedState;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.TaskState;
import dev.agentcoord.fs.FsCoordinator;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Backends that each break one promise. */
final class BrokenBackends {
    private BrokenBackends() {}

    /** Compares trees and globs by their texts. */
    public static final class ComparesTexts implements BackendOpener {
        @Override
        public Coordinator open(Path directory) {
            return new DistortedRequests(ComparesTexts::asNames).over(FsCoordinator.open(directory, SPACE));
        }

        private static LockRequest asNames(LockRequest request) {
            LockRequest names = LockRequest.empty();
            for (Map.Entry<Item, Mode> each : request.items().entrySet()) {
                Item name = Item.name(each.getKey().toString());
                names = each.getValue() == Mode.SHARED ? names.andShared(name) : names.andExclusive(name);
            }
            return withPermits(names, request);
        }
    }

    /** Takes every lock for a shared one. */
    public static final class SharesEverything implements BackendOpener {
        @Override
        public Coordinator open(Path directory) {
            return new DistortedRequests(SharesEverything::shared).over(FsCoordinator.open(directory, SPACE));
        }

        private static LockRequest shared(LockRequest request) {
            return withPermits(LockRequest.shared(request.items().keySet().toArray(Item[]::new)), request);
        }
    }

    /** Forgets one release in ten. */
    public static final class ForgetsReleases implements BackendOpener {
        @Override
        public Coordinator open(Path directory) {
            return new DistortedRequests(request -> request) {
                private int releases;

                @Override
                @Nullable Object answer(Object real, Method method, Object @Nullable [] args)
                        throws ReflectiveOperationException {
                    boolean forgotten =
                            real instanceof Grant && method.getName().equals("release") && ++releases % 10 == 0;
                    return forgotten ? null : super.answer(real, method, args);
                }
            }.over(FsCoordinator.open(directory, SPACE));
        }
    }

    /** Gives back one task in ten that it has just delivered. */
    public static final class DeliversTwice implements BackendOpener {
        @Override
        public Coordinator open(Path directory) {
            return new Sometimes(10) {
                @Override
                @Nullable Object otherwise(Object real, Method method, Object @Nullable [] args)
                        throws ReflectiveOperationException {
                    Object answer = method.invoke(real, args);
                    if (answer instanceof Optional<?> found && found.orElse(null) instanceof Claim claim) {
                        claim.release(Duration.ZERO);
                    }
                    return answer;
                }
            }.on("tryClaim", directory);
        }
    }

    /** Lets one completed task in ten be delivered again. */
    public static final class LosesCompletions implements BackendOpener {
        @Override
        public Coordinator open(Path directory) {
            return new Sometimes(10) {
                @Override
                @Nullable Object otherwise(Object real, Method method, Object @Nullable [] args) {
                    ((Claim) real).release(Duration.ZERO);
                    return null;
                }
            }.on("complete", directory);
        }
    }

    /** Forgets one task in ten that it has said it had. */
    public static final class ForgetsTasks implements BackendOpener {
        @Override
        public Coordinator open(Path directory) {
            return new Sometimes(10) {
                @Override
                @Nullable Object otherwise(Object real, Method method, Object @Nullable [] args) {
                    NewTask task = (NewTask) Objects.requireNonNull(args)[0];
                    return new TaskInfo(task, task.id().orElseThrow(), TaskState.READY, 0, Instant.EPOCH, "");
                }
            }.on("enqueue", directory);
        }
    }

    /** Takes the first priority for the last for one task in ten. */
    public static final class DeliversOutOfOrder implements BackendOpener {
        @Override
        public Coordinator open(Path directory) {
            return new Sometimes(10) {
                @Override
                @Nullable Object otherwise(Object real, Method method, Object @Nullable [] args) {
                    NewTask task = (NewTask) Objects.requireNonNull(args)[0];
                    return ((TaskQueue) real).enqueue(task.priority(9 - task.priority()));
                }
            }.on("enqueue", directory);
        }
    }

    /** Reads what was read before one time in ten. */
    public static final class ReadsOldState implements BackendOpener {
        @Override
        public Coordinator open(Path directory) {
            return new Sometimes(10) {
                private final Map<Object, Object> before = new ConcurrentHashMap<>();

                @Override
                @Nullable Object otherwise(Object real, Method method, Object @Nullable [] args)
                        throws ReflectiveOperationException {
                    Object now = method.invoke(real, args);
                    Object old = before.put(Objects.requireNonNull(args)[0], now);
                    return old == null ? now : old;
                }
            }.on("get", directory);
        }
    }

    /** Writes whatever is there one conditional write in ten. */
    public static final class ComparesNothing implements BackendOpener {
        @Override
        public Coordinator open(Path directory) {
            return new Sometimes(10) {
                @Override
                @Nullable Object otherwise(Object real, Method method, Object @Nullable [] args) {
                    Object[] given = Objects.requireNonNull(args);
                    return OptionalLong.of(((SharedState) real).put((String) given[0], (byte[]) given[2]));
                }
            }.on("compareAndSet", directory);
        }
    }

    /** Answers one call in a few otherwise. */
    private abstract static class Sometimes extends DistortedRequests {
        private final int every;
        private final AtomicInteger calls = new AtomicInteger();
        private String name = "";

        Sometimes(int every) {
            super(request -> request);
            this.every = every;
        }

        Coordinator on(String method, Path directory) {
            name = method;
            return over(FsCoordinator.open(directory, BackendOpener.SPACE));
        }

        @Override
        @Nullable Object answer(Object real, Method method, Object @Nullable [] args) throws ReflectiveOperationException {
            boolean now = method.getName().equals(name) && calls.incrementAndGet() % every == 0;
            return now ? otherwise(real, method, args) : super.answer(real, method, args);
        }

        abstract @Nullable Object otherwise(Object real, Method method, Object @Nullable [] args)
                throws ReflectiveOperationException;
    }

    private static LockRequest withPermits(LockRequest distorted, LockRequest original) {
        LockRequest all = distorted;
        for (var each : original.permits().entrySet()) {
            all = all.andPermits(each.getKey(), each.getValue());
        }
        return all;
    }
}
