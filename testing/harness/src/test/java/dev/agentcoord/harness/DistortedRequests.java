package dev.agentcoord.harness;

import dev.agentcoord.Claim;
import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Locks;
import dev.agentcoord.Session;
import dev.agentcoord.SharedState;
import dev.agentcoord.TaskQueue;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A coordinator that works well but understands something else than what it is asked for. */
class DistortedRequests {
    private static final List<Class<?>> WRAPPED =
            List.of(Session.class, Locks.class, Grant.class, TaskQueue.class, Claim.class, SharedState.class);

    private final UnaryOperator<LockRequest> distortion;

    DistortedRequests(UnaryOperator<LockRequest> distortion) {
        this.distortion = distortion;
    }

    Coordinator over(Coordinator real) {
        return wrap(Coordinator.class, real);
    }

    private <T> T wrap(Class<T> type, Object real) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> call(real, method, args)));
    }

    private @Nullable Object call(Object real, Method method, Object @Nullable [] args) throws Throwable {
        if (args != null && args[0] instanceof LockRequest request) {
            args[0] = distortion.apply(request);
        }
        try {
            return wrapped(answer(real, method, args));
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** What the real one answers; overridden by those that distort more than requests. */
    @Nullable Object answer(Object real, Method method, Object @Nullable [] args) throws ReflectiveOperationException {
        return method.invoke(real, args);
    }

    private @Nullable Object wrapped(@Nullable Object result) {
        for (Class<?> type : WRAPPED) {
            if (type.isInstance(result)) {
                return wrap(type, result);
            }
        }
        return result instanceof Optional<?> optional ? optional.map(this::wrapped) : result;
    }
}
