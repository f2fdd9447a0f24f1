package dev.agentcoord.fs;

import dev.agentcoord.OutcomeUnknownException;
import dev.agentcoord.Write;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The new values of one transaction under temporary names, and its intent where it changes several keys. Closing removes what was not published. */
final class StateDrafts implements AutoCloseable {
    private final StateFiles files;
    private final List<Write> writes;
    private final Map<String, SyncedFile> values = new LinkedHashMap<>();
    private final boolean synced;
    private @Nullable SyncedFile intent;
    private boolean committed;

    private StateDrafts(StateFiles files, List<Write> writes, boolean synced) {
        this.files = files;
        this.writes = writes;
        this.synced = synced;
    }

    /** Writes the values of a transaction, and has them on the disk if that is said. */
    static StateDrafts write(StateFiles files, StateCommit commit, boolean synced) throws IOException {
        StateDrafts drafts = new StateDrafts(files, commit.txn().writes(), synced);
        try {
            drafts.writeAll(commit);
            return drafts;
        } catch (IOException | RuntimeException e) {
            drafts.close();
            throw e;
        }
    }

    /** Writes one value for each of several transactions, all into one file that has a name for each. */
    static List<StateDrafts> together(
            StateFiles files, List<StateCommit> commits, Writes writes, List<byte[]> records, boolean synced)
            throws IOException {
        List<StateDrafts> all = new ArrayList<>();
        if (commits.isEmpty()) {
            return all;
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        records.forEach(content::writeBytes);
        String id = UUID.randomUUID().toString();
        try {
            SyncedFile file = writes.draft(files.draft(id + ".0"), content.toByteArray(), synced);
            for (StateCommit commit : commits) {
                StateDrafts drafts = new StateDrafts(files, commit.txn().writes(), synced);
                SyncedFile name = all.isEmpty() ? file : file.link(files.draft(id + "." + all.size()));
                drafts.values.put(commit.names().iterator().next(), name);
                all.add(drafts);
            }
            return all;
        } catch (IOException | RuntimeException e) {
            all.forEach(StateDrafts::close);
            throw e;
        }
    }

    private void writeAll(StateCommit commit) throws IOException {
        String id = UUID.randomUUID().toString();
        Writes disk = commit.context().writes();
        Map<String, String> drafts = new LinkedHashMap<>();
        List<String> deleted = new ArrayList<>();
        for (LogRecord.Value change : commit.changes()) {
            byte[] content = change.content();
            if (content == null) {
                deleted.add(change.name());
            } else {
                Path draft = files.draft(id + "." + values.size());
                values.put(change.name(), disk.draft(draft, content, synced));
                drafts.put(change.name(), draft.getFileName().toString());
            }
        }
        if (writes.size() > 1) {
            intent = disk.draft(files.draft(id + ".intent"), Intent.encode(drafts, deleted), synced);
        }
    }

    /** Whether they were put onto the disk. */
    boolean areSynced() {
        return synced;
    }

    boolean hasValues() {
        return !values.isEmpty();
    }

    /** Gives them their names, all or none; in the section, after they were announced. */
    void publish() throws IOException {
        if (intent != null) {
            publish(intent, new Intent(files.dir()));
        } else {
            String name = KeyName.of(writes.get(0).key());
            SyncedFile value = values.get(name);
            if (value != null) {
                Files.move(value.path(), files.path(name), StandardCopyOption.ATOMIC_MOVE);
            } else {
                Disk.unlink(files.path(name));
            }
            committed = true;
        }
    }

    /** From the rename on it is done, whatever becomes of the rest: whoever enters next finishes it, and needs the drafts. */
    private void publish(SyncedFile draft, Intent published) throws IOException {
        try {
            committed = true;
            published.commit(draft.path());
        } catch (IOException e) {
            committed = published.isThere();
            if (!committed) {
                throw e;
            }
        }
        try {
            published.finish();
        } catch (IOException e) {
            throw new OutcomeUnknownException(
                    writes,
                    "committed, but not finished (" + e.getMessage()
                            + "); whoever uses the space next does that: read again",
                    e);
        }
    }

    /** A draft that cannot be removed now goes with its process. */
    @Override
    public void close() {
        if (!committed) {
            values.values().forEach(value -> Disk.discard(value.path()));
            if (intent != null) {
                Disk.discard(intent.path());
            }
        }
    }
}
