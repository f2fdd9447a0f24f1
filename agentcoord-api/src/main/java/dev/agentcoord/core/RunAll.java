package dev.agentcoord.core;

import java.util.List;

/** Several things that are to be done one after the other although one of them fails, such as closing what is open. Stateless. */
public final class RunAll {
    private RunAll() {}

    /** Runs each of them, then throws what the first that failed threw. */
    public static void of(List<? extends Runnable> all) {
        RuntimeException failure = null;
        for (Runnable one : all) {
            try {
                one.run();
            } catch (RuntimeException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
