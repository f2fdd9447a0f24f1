package dev.agentcoord.fs;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.Participant;
import dev.agentcoord.SessionId;
import dev.agentcoord.Subscription;
import dev.agentcoord.core.queue.Route;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Those of one session who wait for a task, and how others are woken: one for each task, of those who may claim it. Thread-safe. */
final class Consumers {
    private final FsQueue queue;
    private final FsTaskStore.Context context;
    private final QueueWaiters waiters;
    private final Deque<Runnable> hints = new ArrayDeque<>();

    Consumers(FsQueue queue, FsTaskStore.Context context) {
        this.queue = queue;
        this.context = context;
        this.waiters = new QueueWaiters(queue.layout().home().resolve("waiting"));
    }

    Subscription add(Runnable hint) throws IOException {
        synchronized (hints) {
            hints.add(hint);
        }
        waiters.add(context.me());
        return () -> remove(hint);
    }

    private void remove(Runnable hint) {
        boolean last;
        synchronized (hints) {
            last = hints.remove(hint) && hints.isEmpty();
        }
        if (last) {
            try {
                waiters.remove(context.me());
            } catch (IOException e) {
                // Whoever wakes it takes the name away.
                return;
            }
        }
    }

    /** Whoever was woken is no longer on the list, and comes onto it again before it looks whether there is a task. */
    void announce() throws IOException {
        boolean waiting;
        synchronized (hints) {
            waiting = !hints.isEmpty();
        }
        if (waiting) {
            waiters.add(context.me());
        }
    }

    /** Calls one of those who wait, and another one next time. */
    void hint() {
        Runnable next;
        synchronized (hints) {
            next = hints.poll();
            if (next == null) {
                return;
            }
            hints.add(next);
        }
        next.run();
    }

    /** Wakes one for each of these tasks. Outside the section. */
    void wake(List<TaskName> ready) {
        for (TaskName task : ready) {
            hint(() -> {
                Route route = queue.route(task.lane());
                return waiters.take(session -> admits(route, session), context.ended());
            });
        }
    }

    /** Whom it finds is woken. What is done is done: that nobody could be told costs them a second at most. */
    private boolean hint(Calls.Call<Optional<SessionId>> search) {
        try {
            Optional<SessionId> waiter = search.run();
            waiter.ifPresent(this::ring);
            return waiter.isPresent();
        } catch (IOException | CoordinationException e) {
            return false;
        }
    }

    private boolean admits(Route route, SessionId session) {
        if (route.isForAnyone()) {
            return true;
        }
        Optional<Participant> who = context.who().apply(session);
        return who.isPresent() && route.admits(who.get());
    }

    /** Wakes all who wait: something has changed for everybody. */
    void wakeAll() {
        boolean more = true;
        while (more) {
            more = hint(() -> waiters.take(session -> true, context.ended()));
        }
    }

    private void ring(SessionId waiter) {
        if (waiter.equals(context.me())) {
            hint();
        } else {
            context.ring().accept(waiter);
        }
    }
}
