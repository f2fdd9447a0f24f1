package dev.agentcoord.harness;

import java.util.ArrayDeque;
import java.util.Deque;

/** What a run has made and must not leave behind; closed, the latest first, when it ends or when this JVM is ended. Thread-safe. */
final class Belongings implements AutoCloseable {
    private final Deque<AutoCloseable> all = new ArrayDeque<>();
    private final Thread lastResort = new Thread(this::takeAway, "simulation-end");
    private boolean closed;
    private boolean takenAway;

    Belongings() {
        Runtime.getRuntime().addShutdownHook(lastResort);
    }

    synchronized <T extends AutoCloseable> T add(T one) {
        all.push(one);
        if (closed) {
            closeAll();
            throw new IllegalStateException("the run was ended");
        }
        return one;
    }

    /** Whether this JVM is ending in the midst of the run. */
    synchronized boolean wereTakenAway() {
        return takenAway;
    }

    @Override
    public void close() {
        closeAll();
        try {
            Runtime.getRuntime().removeShutdownHook(lastResort);
        } catch (IllegalStateException e) {
            // The JVM is ending already.
            return;
        }
    }

    private synchronized void takeAway() {
        takenAway = !closed;
        closeAll();
    }

    private synchronized void closeAll() {
        closed = true;
        while (!all.isEmpty()) {
            close(all.pop());
        }
    }

    private static void close(AutoCloseable one) {
        try {
            one.close();
        } catch (Exception e) {
            System.err.println("simulate: could not clean up: " + e);
        }
    }
}
