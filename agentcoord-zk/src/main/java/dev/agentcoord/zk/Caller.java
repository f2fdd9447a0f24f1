package dev.agentcoord.zk;

import dev.agentcoord.OutcomeUnknownException;
import dev.agentcoord.StoreUnavailableException;
import org.apache.zookeeper.KeeperException;

/**
 * Runs what users call: within the options' timeout, with typed errors, repeated only where that is safe, and refused at once while the
 * ensemble is known not to answer. Thread-safe.
 */
final class Caller {
    private final ZkOptions options;
    private final Outage outage;
    private final Runnable expired;

    /** The last is run, before the error is thrown, when the servers say that the session is no more. */
    Caller(ZkOptions options, Outage outage, Runnable expired) {
        this.options = options;
        this.outage = outage;
        this.expired = expired;
    }

    /** Some requests and what follows from their answers. */
    @FunctionalInterface
    interface Step<T> {
        T run(Call call) throws KeeperException;
    }

    /** Once. */
    <T> T once(String doing, Step<T> step) {
        return outage.guard(doing, () -> {
            Call call = new Call(options, doing);
            try {
                return step.run(call);
            } catch (KeeperException e) {
                throw typed(call, e);
            } finally {
                call.end();
            }
        });
    }

    /** Again after a lost connection, as long as there is time: only for what may be done twice. */
    <T> T repeatedly(String doing, Step<T> step) {
        return once(doing, call -> repeatedly(call, step));
    }

    /** The same as a part of a call. */
    static <T> T repeatedly(Call call, Step<T> step) throws KeeperException {
        while (true) {
            try {
                return step.run(call);
            } catch (KeeperException e) {
                if (!Failures.isLostConnection(e) || !call.pause()) {
                    throw e;
                }
            }
        }
    }

    private RuntimeException typed(Call call, KeeperException failure) {
        if (failure.code() == KeeperException.Code.SESSIONEXPIRED) {
            expired.run();
        }
        return call.failure(failure);
    }

    /** Whether an error says that the ensemble cannot be reached. */
    static boolean isOutage(Throwable failure) {
        if (failure instanceof OutcomeUnknownException unknown && unknown.getCause() != null) {
            return isOutage(unknown.getCause()) || Failures.isLostConnection(unknown.getCause());
        }
        return failure instanceof StoreUnavailableException
                && (failure.getCause() == null
                        || (failure.getCause() instanceof KeeperException e && Failures.isLostConnection(e)));
    }
}
