package dev.agentcoord.fs;

import dev.agentcoord.NewTask;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that threads of this process put into one queue at the same time, each of them to be on the disk: written into one file, added in
 * one turn, settled by one sync of each directory. Whatever goes wrong for all is left to each to try by itself.
 */
final class EnqueueTogether implements Together.Work<EnqueueTogether.Entry> {
    private static final int MOST = 16;

    private final Together<Entry> together = new Together<>(MOST, this);

    /** What one thread puts. */
    static final class Entry {
        private final Enqueuer enqueuer;
        private final List<NewTask> tasks;
        private List<Enqueuer.Draft> drafts = List.of();
        private Enqueuer.@Nullable Outcome outcome;
        private @Nullable Exception failure;

        private Entry(Enqueuer enqueuer, List<NewTask> tasks) {
            this.enqueuer = enqueuer;
            this.tasks = tasks;
        }
    }

    /** Adds a batch of one session, and returns what became of it. */
    Enqueuer.Outcome run(Enqueuer enqueuer, List<NewTask> tasks) throws IOException {
        Entry mine = new Entry(enqueuer, tasks);
        together.run(mine);
        Calls.rethrow(mine.failure);
        Enqueuer.Outcome outcome = mine.outcome;
        return outcome != null ? outcome : enqueuer.enqueueAlone(tasks);
    }

    @Override
    public void doAll(List<Entry> wanted) {
        add(wanted);
        settle(wanted);
    }

    private static void add(List<Entry> wanted) {
        Entry leader = wanted.get(0);
        try {
            if (wanted.size() == 1) {
                leader.outcome = leader.enqueuer.enqueueAlone(leader.tasks);
            } else {
                addAll(leader.enqueuer, wanted);
            }
        } catch (IOException | RuntimeException e) {
            if (wanted.size() == 1) {
                leader.failure = e;
            }
        }
    }

    private static void addAll(Enqueuer leader, List<Entry> wanted) throws IOException {
        List<SyncedFile> files = new ArrayList<>();
        try {
            List<List<NewTask>> batches =
                    wanted.stream().map(entry -> entry.tasks).toList();
            List<List<Enqueuer.Draft>> drafts = leader.writeAll(batches, files);
            for (int i = 0; i < wanted.size(); i++) {
                wanted.get(i).drafts = drafts.get(i);
            }
            leader.run(turn -> {
                for (Entry entry : wanted) {
                    add(turn, entry);
                }
                return turn;
            });
        } finally {
            for (SyncedFile file : files) {
                file.close();
            }
        }
    }

    /** One that is refused has changed nothing, and is in nobody's way. */
    private static void add(QueueTurn turn, Entry entry) throws IOException {
        long before = turn.turn().change();
        try {
            entry.enqueuer.requireAlive();
            entry.outcome = entry.enqueuer.add(turn, entry.drafts);
        } catch (IOException | RuntimeException e) {
            entry.failure = e;
            if (e instanceof IOException || turn.turn().change() != before) {
                throw e;
            }
        }
    }

    /** All were added in the same turn, so what is settled for one is for all. */
    private static void settle(List<Entry> wanted) {
        List<Entry> added =
                wanted.stream().filter(entry -> entry.outcome != null).toList();
        if (added.isEmpty()) {
            return;
        }
        try {
            added.get(0).enqueuer.settle(Objects.requireNonNull(added.get(0).outcome));
            for (Entry entry : added) {
                entry.outcome = Objects.requireNonNull(entry.outcome).whenSettled();
            }
        } catch (IOException | RuntimeException e) {
            // Each asks by itself, and is told why not.
            return;
        }
    }
}
