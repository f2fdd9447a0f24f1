package dev.agentcoord.harness;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Mode;
import dev.agentcoord.fs.FsCoordinator;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Map;
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

    private static LockRequest withPermits(LockRequest distorted, LockRequest original) {
        LockRequest all = distorted;
        for (var each : original.permits().entrySet()) {
            all = all.andPermits(each.getKey(), each.getValue());
        }
        return all;
    }
}
