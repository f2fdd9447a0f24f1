package dev.agentcoord.fs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/**
 * Work of several threads that one of them does for all: who comes while somebody is at it waits, and the first of those who wait does
 * it next, for all that have come by then. A thread that is alone does its own. Those whose work is done are told before it is handed on:
 * who wants the same again at once is there when the next begins. Thread-safe, and indifferent to interrupts.
 *
 * @param <W> what one thread wants done
 */
final class Together<W> {
    private final int most;
    private final Work<W> work;
    private final Queue<Place<W>> line = new ArrayDeque<>();
    private boolean busy;

    /** How it is done. */
    @FunctionalInterface
    interface Work<W> {
        /** Does all of it, on one thread at a time. Does not throw: what goes wrong is remembered in whatever it was to be done for. */
        void doAll(List<W> wanted);
    }

    /** One who waits: told true to do the work of all, false once it is done. */
    private record Place<W>(W wanted, CompletableFuture<Boolean> told) {}

    /** For so many at a time at most. */
    Together(int most, Work<W> work) {
        this.most = most;
        this.work = work;
    }

    /** Returns once it is done, by whatever thread. */
    void run(W wanted) {
        Place<W> mine = new Place<>(wanted, new CompletableFuture<>());
        synchronized (this) {
            line.add(mine);
            if (!busy) {
                busy = true;
                mine.told.complete(true);
            }
        }
        if (mine.told.join()) {
            doForAll();
        }
    }

    private void doForAll() {
        List<Place<W>> places = new ArrayList<>();
        synchronized (this) {
            while (!line.isEmpty() && places.size() < most) {
                places.add(line.remove());
            }
        }
        try {
            work.doAll(places.stream().map(Place::wanted).toList());
        } finally {
            places.forEach(place -> place.told.complete(false));
            handOn();
        }
    }

    private synchronized void handOn() {
        Place<W> next = line.peek();
        busy = next != null;
        if (next != null) {
            next.told.complete(true);
        }
    }
}
