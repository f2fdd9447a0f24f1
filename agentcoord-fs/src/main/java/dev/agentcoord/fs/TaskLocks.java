package dev.agentcoord.fs;

import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What becomes of tasks' tickets when the tasks move: done inside the section, in the turn that moves them. */
final class TaskLocks {
    private final TicketBook book;
    private final Consumer<List<Ticket>> waker;

    /** With somebody who tells the owners of tickets that they are granted. */
    TaskLocks(TicketBook book, Consumer<List<Ticket>> waker) {
        this.book = book;
        this.waker = waker;
    }

    /** The tickets of a task. To be asked before the task is moved: once that has ended they are void. */
    List<Ticket> of(Turn turn, Owner task) throws IOException {
        return book.of(turn, task);
    }

    /** Removes those that were never granted, for whoever waited for them is no claimer any more; returns the others. */
    List<Ticket> dropWaiting(Turn turn, Owner task, List<Ticket> admitted) throws IOException {
        List<Ticket> granted = new ArrayList<>();
        for (Ticket ticket : book.of(turn, task)) {
            if (book.isGranted(turn, ticket)) {
                granted.add(ticket);
            } else {
                admitted.addAll(book.remove(turn, ticket));
            }
        }
        return granted;
    }

    /** Removes tickets of a task that has ended, after its file says so. */
    void drop(Turn turn, List<Ticket> tickets, List<Ticket> admitted) throws IOException {
        for (Ticket ticket : tickets) {
            admitted.addAll(book.remove(turn, ticket));
        }
    }

    /** Tells whoever was let in. Outside the section. */
    void wake(List<Ticket> admitted) {
        waker.accept(admitted);
    }
}
