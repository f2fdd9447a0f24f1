package dev.agentcoord.fs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Single values that threads of this process want on the disk at the same time: written into one file, so that one sync serves them all,
 * published in one turn, and settled by one sync of the directory. Whatever goes wrong for all is left to each to try by itself.
 */
final class StateCommits implements Together.Work<StateCommits.Entry> {
    private static final int MOST = 16;
    private static final int BYTES_PER_FILE = 256 * 1024;

    private final StateDirectory state;
    private final Together<Entry> together = new Together<>(MOST, this);

    StateCommits(StateDirectory state) {
        this.state = state;
    }

    /** One of them. */
    static final class Entry {
        private final StateCommit commit;
        private boolean alone;
        private boolean settled;
        private byte[] record = {};

        private Entry(StateCommit commit) {
            this.commit = commit;
        }
    }

    /** Commits it, and returns whether its name is as durable as asked for by now. */
    boolean run(StateCommit commit) throws IOException {
        Entry mine = new Entry(commit);
        while (!commit.isDone()) {
            if (mine.alone) {
                commit.attempt();
            } else {
                together.run(mine);
            }
        }
        return mine.settled;
    }

    @Override
    public void doAll(List<Entry> wanted) {
        commit(wanted);
        settle(wanted);
    }

    private void commit(List<Entry> wanted) {
        try {
            if (wanted.size() == 1) {
                wanted.get(0).commit.attempt();
            } else {
                attempt(wanted);
            }
        } catch (IOException | RuntimeException e) {
            if (wanted.size() == 1) {
                wanted.get(0).commit.fail(e);
            }
            wanted.forEach(entry -> entry.alone = true);
        }
    }

    private void attempt(List<Entry> wanted) throws IOException {
        FsStateStore.Context leader = wanted.get(0).commit.context();
        List<Entry> without =
                wanted.stream().filter(entry -> !entry.commit.reserveAhead()).toList();
        if (!without.isEmpty()) {
            leader.section().run(turn -> {
                for (Entry entry : without) {
                    entry.commit.reserve(turn);
                }
                return turn;
            });
        }
        List<Entry> ready = oneForEachName(wanted);
        boolean synced = ready.stream().anyMatch(entry -> entry.commit.isToBeSyncedFirst());
        List<StateDrafts> drafts =
                StateDrafts.together(state.files(), commits(ready), leader.writes(), records(ready), synced);
        try {
            leader.section().run(turn -> {
                StatePublication together = new StatePublication(state);
                for (int i = 0; i < ready.size(); i++) {
                    if (isAlive(ready.get(i).commit)) {
                        together.add(ready.get(i).commit, drafts.get(i));
                    }
                }
                return together.run(turn);
            });
        } finally {
            drafts.forEach(StateDrafts::close);
        }
    }

    /** A file that holds a key twice could not tell which is the later: who is left out comes again. */
    private static List<Entry> oneForEachName(List<Entry> wanted) {
        Set<String> names = new HashSet<>();
        List<Entry> ready = new ArrayList<>();
        int bytes = 0;
        for (Entry entry : wanted) {
            if (!entry.commit.isDone() && names.addAll(entry.commit.names())) {
                entry.record =
                        Objects.requireNonNull(entry.commit.changes().get(0).content());
                bytes += entry.record.length;
                if (bytes <= BYTES_PER_FILE || ready.isEmpty()) {
                    ready.add(entry);
                }
            }
        }
        return ready;
    }

    private static List<StateCommit> commits(List<Entry> entries) {
        return entries.stream().map(entry -> entry.commit).toList();
    }

    private static List<byte[]> records(List<Entry> entries) {
        return entries.stream().map(entry -> entry.record).toList();
    }

    /** One whose session has ended is refused, and is in nobody's way. */
    private static boolean isAlive(StateCommit commit) {
        try {
            commit.context().alive().run();
            return true;
        } catch (RuntimeException e) {
            commit.fail(e);
            return false;
        }
    }

    private static void settle(List<Entry> wanted) {
        List<Entry> written =
                wanted.stream().filter(entry -> entry.commit.hasWritten()).toList();
        if (written.isEmpty()) {
            return;
        }
        try {
            List<Path> places =
                    written.stream().map(entry -> entry.commit.whatToSync()).toList();
            written.get(0).commit.context().writes().settle(places);
            for (Entry entry : written) {
                entry.settled = true;
                entry.commit.settled();
            }
        } catch (IOException | RuntimeException e) {
            // Each asks by itself, and is told why not.
            return;
        }
    }
}
