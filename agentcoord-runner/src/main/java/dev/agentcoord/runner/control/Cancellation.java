package dev.agentcoord.runner.control;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Tells a waiting command that nobody waits for its answer any more, so that it leaves no ticket behind. Set once; thread-safe. */
public final class Cancellation {
    private final Set<Runnable> actions = new HashSet<>();
    private final List<Runnable> atInputEnd = new ArrayList<>();
    private boolean cancelled;
    private boolean inputEnded;

    /** Cancels, once: actions registered now run here, later ones at their registration. */
    public synchronized void cancel() {
        if (!cancelled) {
            cancelled = true;
            actions.forEach(Runnable::run);
            actions.clear();
        }
    }

    /** The client has no more to say, but is still there; actions registered for that run once, here or at their registration. */
    public synchronized void inputEnded() {
        inputEnded = true;
        atInputEnd.forEach(Runnable::run);
        atInputEnd.clear();
    }

    /** Runs the action when the client says nothing more. */
    public synchronized void onInputEnd(Runnable action) {
        if (inputEnded) {
            action.run();
        } else {
            atInputEnd.add(action);
        }
    }

    /** Whether it was cancelled. */
    public synchronized boolean isCancelled() {
        return cancelled;
    }

    /** Waits for something; cancellation runs the action meanwhile, at once when it has been before. */
    public <T> T await(Waiting<T> waiting, Runnable action) throws InterruptedException {
        register(action);
        try {
            return waiting.await();
        } finally {
            remove(action);
        }
    }

    /** Waits for something; cancellation interrupts the wait, and leaves no interrupt behind. */
    public <T> T awaitInterruptibly(Waiting<T> waiting) throws InterruptedException {
        Thread me = Thread.currentThread();
        try {
            return await(waiting, me::interrupt);
        } finally {
            if (isCancelled()) {
                Thread.interrupted();
            }
        }
    }

    private synchronized void register(Runnable action) {
        if (cancelled) {
            action.run();
        } else {
            actions.add(action);
        }
    }

    private synchronized void remove(Runnable action) {
        actions.remove(action);
    }

    /**
     * Something to wait for, such as a grant; it gives up and throws when its thread is interrupted or when the action that cancels is
     * run.
     */
    @FunctionalInterface
    public interface Waiting<T> {
        /** Waits for it. */
        T await() throws InterruptedException;
    }
}
