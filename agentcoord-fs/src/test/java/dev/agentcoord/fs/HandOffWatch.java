package dev.agentcoord.fs;

import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Session;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * Looks all the time whether some files are held, each by one and the same party, and never by two: inside the section, where what is seen
 * is exact, from outside at the names of a task's tickets, which have to be there however that look falls, and by trying to get one.
 */
final class HandOffWatch implements AutoCloseable {
    private final Space space;
    private final Session third;
    private final List<Item> files;
    private final Owner task;
    private final BooleanSupplier ownerLives;
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicLong looks = new AtomicLong();
    private final AtomicLong glances = new AtomicLong();
    private final AtomicLong tries = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean held;
    private volatile boolean named;
    private volatile boolean tasks;
    private volatile boolean over;

    /** Of files that belong to a task, or to a session that has to answer for them only while it lives. */
    HandOffWatch(Space space, Session third, List<Item> files, Owner task, BooleanSupplier ownerLives) {
        this.space = space;
        this.third = third;
        this.files = files;
        this.task = task;
        this.ownerLives = ownerLives;
        begin(this::look);
        begin(this::glance);
        begin(this::reachOut);
    }

    /** What is done again and again. */
    private interface Look {
        void look() throws IOException, InterruptedException;
    }

    private void begin(Look what) {
        Thread thread = new Thread(() -> {
            while (!over) {
                try {
                    what.look();
                } catch (IOException | RuntimeException | InterruptedException e) {
                    wrong.add(e.toString());
                    return;
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
    }

    /** From now on the files are held until the task ends, or while the session lives that has them. */
    void allAreHeld() {
        held = true;
    }

    /** As the other; and it is the task that has them, so that their names never change. */
    synchronized void allAreTheTasks() {
        held = true;
        tasks = true;
        named = true;
        notifyAll();
    }

    /** From now on the task may end. */
    void mayEnd() {
        named = false;
    }

    private void look() {
        boolean before = held;
        List<String> found = space.section().run(turn -> {
            List<String> missing = new ArrayList<>();
            QueueDirectory.Entry entry = space.places().find(task);
            boolean ended = entry == null || entry.state() == TaskState.DONE || entry.state() == TaskState.DEAD;
            List<Ticket> live = space.book().all(turn);
            for (Item file : files) {
                List<Ticket> holders = new ArrayList<>();
                for (Ticket ticket : live) {
                    if (ticket.wants().items().containsKey(file)
                            && space.book().blockersOf(turn, ticket).isEmpty()) {
                        holders.add(ticket);
                    }
                }
                judge(file, holders, ended);
                if (!ended && before && holders.isEmpty()) {
                    missing.add(file + " is held by nobody");
                }
            }
            return missing;
        });
        if (ownerLives.getAsBoolean()) {
            wrong.addAll(found);
        }
        looks.incrementAndGet();
        Thread.onSpinWait();
    }

    private void judge(Item file, List<Ticket> holders, boolean ended) {
        if (holders.size() > 1) {
            wrong.add(file + " is held by two: " + holders);
        }
        if (ended && holders.stream().anyMatch(ticket -> ticket.owner().equals(task))) {
            wrong.add(file + " is held by a task that has ended");
        }
    }

    private void glance() throws IOException {
        boolean before = named;
        long there = 0;
        for (String name : Disk.list(space.layout().taskLocks())) {
            there += name.contains(task.id().replace("/", "+")) ? 1 : 0;
        }
        if (before && named && there != files.size()) {
            wrong.add("there are " + there + " names");
        }
        glances.incrementAndGet();
    }

    /** A third party tries to get one of the files, which sweeps whatever is dead before it. */
    private void reachOut() throws InterruptedException {
        awaitNames();
        if (!named) {
            return;
        }
        Item file = files.get((int) (tries.incrementAndGet() % files.size()));
        third.locks().tryAcquire(LockRequest.exclusive(file)).ifPresent(grant -> {
            if (named) {
                wrong.add(file + " was to be had");
            }
            grant.release();
        });
    }

    private synchronized void awaitNames() throws InterruptedException {
        while (!named && !over) {
            wait();
        }
    }

    boolean wereTheTasks() {
        return tasks;
    }

    long looks() {
        return looks.get() + glances.get() + tries.get();
    }

    /** What was wrong, if anything. */
    List<String> wrong() {
        return List.copyOf(wrong);
    }

    @Override
    public void close() {
        endAll();
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void endAll() {
        over = true;
        notifyAll();
    }
}
