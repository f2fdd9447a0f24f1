package dev.agentcoord.fs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a process that died inside may have announced and not done. Used inside the section only. */
final class HalfDone implements Section.Unfinished {
    private final Layout layout;
    private final Intent intent;
    private final StateLog state;
    private final WriteAheadLog log;

    HalfDone(Layout layout, StateDirectory state, WriteAheadLog log) {
        this.layout = layout;
        this.intent = state.intent();
        this.state = state.log();
        this.log = log;
    }

    /** What was committed before the power was cut is finished first, since the log may say what came after it. */
    @Override
    public void redo(long since) throws IOException {
        intent.finish();
        List<LogRecord.Entry> entries = new ArrayList<>();
        if (log.isThere()) {
            log.all().forEach(record -> entries.addAll(LogRecord.decode(record)));
        }
        state.redo(entries);
        TaskRedo tasks = new TaskRedo(layout, since);
        tasks.run(entries);
        if (tasks.hasChanged() || !entries.isEmpty()) {
            log.flush();
        }
        if (!tasks.hasFailed()) {
            log.freeAll();
        }
    }

    @Override
    public void finish() throws IOException {
        intent.finish();
        state.tellWhatIsNotMade();
    }

    @Override
    public @Nullable Change correction(Change latest) throws IOException {
        return switch (latest.kind()) {
            case TICKET_ADDED -> ofTicket(latest.name(), true);
            case TICKET_REMOVED -> ofTicket(latest.name(), false);
            case QUEUE -> ofQueue(latest.name());
            // Whether a ticket was bound each reader looks up for itself: its old name is not announced.
            case TICKET_BOUND, SESSION_JOINED, SESSION_ENDED, STATE, NONE -> null;
        };
    }

    /** The name is what counts. Anybody in the group can announce: a name that is none is nobody's ticket. */
    private @Nullable Change ofTicket(String name, boolean added) throws IOException {
        if (!TicketFiles.isName(name)) {
            return null;
        }
        boolean there = Disk.isThere(layout.locks().resolve(name));
        Change.Kind actual = there ? Change.Kind.TICKET_ADDED : Change.Kind.TICKET_REMOVED;
        return there == added ? null : new Change(actual, name);
    }

    private @Nullable Change ofQueue(String text) {
        Move move = Move.parse(text);
        if (move == null) {
            return null;
        }
        Path made = layout.queues().resolve(move.queue()).resolve(move.to()).resolve(move.name());
        return wasMade(made) ? null : new Change(Change.Kind.QUEUE, Move.unknown(move.queue()));
    }

    /** A path at which nothing can lie must not keep everybody out; where the disk failed, all who remember the queue look again. */
    private static boolean wasMade(Path path) {
        try {
            return Disk.isThere(path);
        } catch (IOException e) {
            return false;
        }
    }
}
