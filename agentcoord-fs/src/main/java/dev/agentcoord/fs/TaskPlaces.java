package dev.agentcoord.fs;

import dev.agentcoord.SessionId;
import dev.agentcoord.TaskId;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the tasks stand that have locks, of whatever queue. Asked inside the section only, so what it says is exact; where a task was last
 * is looked at first, so that its queue need not be searched each time.
 */
final class TaskPlaces {
    private static final int REMEMBERED = 1_024;

    private final Layout layout;
    private final Map<Owner, QueueDirectory.Entry> last = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Owner, QueueDirectory.Entry> eldest) {
            return size() > REMEMBERED;
        }
    };

    TaskPlaces(Layout layout) {
        this.layout = layout;
    }

    /** Whether a task has ended, or is not known any more: then nobody holds its locks. */
    boolean isOver(Owner task) throws IOException {
        QueueDirectory.Entry entry = find(task);
        return entry == null || entry.state().isEnd();
    }

    /** The session that claims a task; null while none does. */
    @Nullable SessionId claimerOf(Owner task) throws IOException {
        QueueDirectory.Entry entry = find(task);
        return entry == null ? null : entry.name().claimer();
    }

    /** A ticket as whoever claims its task has it, with the number of that delivery as generation; null while nobody does. */
    @Nullable Ticket asHeld(Ticket ticket) throws IOException {
        if (ticket.owner().kind() != Owner.Kind.TASK) {
            return ticket;
        }
        QueueDirectory.Entry entry = find(ticket.owner());
        return entry == null || entry.name().claimer() == null
                ? null
                : ticket.of(ticket.owner(), entry.name().task().delivery());
    }

    /** The file that is a task's state, or null where there is none. */
    QueueDirectory.@Nullable Entry find(Owner task) throws IOException {
        QueueDirectory.Entry before = last.get(task);
        if (before != null && Disk.isThere(before.file())) {
            return before;
        }
        QueueDirectory.Entry now = search(task);
        if (now == null) {
            last.remove(task);
        } else {
            last.put(task, now);
        }
        return now;
    }

    /** By what lies on the disk alone: whoever asks is not about to change that queue. */
    private QueueDirectory.@Nullable Entry search(Owner task) throws IOException {
        return new QueueDirectory(queueOf(task), layoutOf(task)).find(idOf(task));
    }

    QueueLayout layoutOf(Owner task) {
        return new QueueLayout(layout.queues().resolve(queueOf(task)));
    }

    static String queueOf(Owner task) {
        return task.id().substring(0, task.id().indexOf('/'));
    }

    private static TaskId idOf(Owner task) {
        return new TaskId(task.id().substring(task.id().indexOf('/') + 1));
    }
}
