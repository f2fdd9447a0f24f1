package dev.agentcoord.fs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/**
 * Work of several threads that one of them does for all: who comes while somebody is at it waits, and the first of those who wait does
 * it next, for all that have come by then. A thread that is alone does its own. Thread-safe, and indifferent to interrupts.
 *
 * @param <W> what one thread wants done
 */
final class Together<W> {
    private final int most;
    private final Work<W> work;
    private final Queue<Place<W>> line = new ArrayDeque<>();
    private boolean busy;

    /** How it is done. Neither half throws: what goes wrong is remembered in whatever it was to be done for. */
    interface Work<W> {
        /** What only one thread at a time does. */
        void begin(List<W> wanted);

        /** The rest, while others may begin. */
        void finish(List<W> begun);
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
        List<W> wanted = places.stream().map(Place::wanted).toList();
        try {
            try {
                work.begin(wanted);
            } finally {
                handOn();
            }
            work.finish(wanted);
        } finally {
            places.forEach(place -> place.told.complete(false));
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
