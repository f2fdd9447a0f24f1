package dev.agentcoord.runner.session;

import dev.agentcoord.runner.store.StateHome;
import dev.agentcoord.runner.text.ShellQuote;
import dev.agentcoord.runner.tmux.Tmux;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The records and logs of one user's runs, in files of mode 0600 below the user's state directory. */
public final class RunRecords {
    private static final FileAttribute<?> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> PRIVATE_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final long POLL_MILLIS = 50;
    /** How many ended runs are remembered, and for how long, whichever is less. */
    private static final int KEPT_RUNS = 100;

    private static final Duration KEPT_FOR = Duration.ofDays(7);

    private final Path records;
    private final Path logs;

    /** The records kept where that environment says. */
    public RunRecords(Map<String, String> environment) {
        Path home = StateHome.of(environment);
        records = home.resolve("runs");
        logs = home.resolve("logs");
    }

    /** All runs that can be read, the latest first. */
    public List<RunRecord> all() throws IOException {
        List<RunRecord> all = new ArrayList<>();
        for (Path file : files()) {
            try {
                read(file).ifPresent(all::add);
            } catch (IOException e) {
                // One bad file must not keep anybody from the other runs; unreadable() names it.
            }
        }
        all.sort(Comparator.comparing(RunRecord::started).reversed());
        return all;
    }

    /** The files where records belong that are none, as a power failure may leave them. */
    public List<Path> unreadable() throws IOException {
        List<Path> unreadable = new ArrayList<>();
        for (Path file : files()) {
            try {
                read(file);
            } catch (AccessDeniedException e) {
                // The record of somebody else, such as root.
            } catch (IOException e) {
                unreadable.add(file);
            }
        }
        return unreadable;
    }

    /** The latest run of an agent in a space, a live one before any that ended. */
    public Optional<RunRecord> find(String agent, String project) throws IOException {
        List<RunRecord> runs = all().stream()
                .filter(run -> run.agent().equals(agent) && run.project().equals(project))
                .toList();
        return runs.stream()
                .filter(RunRecord::isAlive)
                .findFirst()
                .or(() -> runs.stream().findFirst());
    }

    /** As it is now; throws {@link IOException} when it is gone. */
    public RunRecord find(String id) throws IOException {
        return now(id).orElseThrow(() -> new IOException("the record of run " + id + " is gone"));
    }

    /** As it is now; empty when it is gone. */
    Optional<RunRecord> now(String id) throws IOException {
        return read(records.resolve(id + ".json"));
    }

    /**
     * Waits, while its terminal is closed, until a run has ended and what it held is released; false when the terminal is open, so that
     * the run goes on.
     */
    public boolean awaitEnd(RunRecord run) throws IOException, InterruptedException {
        while (find(run.id()).isAlive()) {
            if (new Tmux(run.runtime().tmuxSocket()).isRunning()) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        while (run.hasRunner()) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        return true;
    }

    void save(RunRecord record) throws IOException {
        Files.createDirectories(records, PRIVATE_DIRECTORY);
        Path draft = Files.createTempFile(records, record.id(), ".tmp", PRIVATE_FILE);
        try {
            Files.writeString(draft, record.json());
            Files.move(draft, records.resolve(record.fileName()), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft); // As on a full disk.
        }
    }

    /** Removes the record of a run that did not begin; no error when there is none. */
    void remove(RunRecord record) throws IOException {
        Files.deleteIfExists(records.resolve(record.fileName()));
    }

    Path createLog(String agent, String id) throws IOException {
        Files.createDirectories(logs, PRIVATE_DIRECTORY);
        return Files.createFile(logs.resolve(RunRecord.logName(agent, id)), PRIVATE_FILE);
    }

    /** Removes runs that ended long ago, or before many others, with their logs; returns how many. */
    int removeOld(Instant now) throws IOException {
        List<RunRecord> ended =
                all().stream().filter(run -> run.ended().isPresent()).toList();
        int removed = 0;
        for (int i = 0; i < ended.size(); i++) {
            RunRecord run = ended.get(i);
            if (i >= KEPT_RUNS || run.ended().orElse(now).isBefore(now.minus(KEPT_FOR))) {
                Path log = logs.resolve(run.log().getFileName()); // Never a file elsewhere, whatever the record says.
                Files.deleteIfExists(log);
                Files.deleteIfExists(Tmux.previousLog(log));
                Files.deleteIfExists(records.resolve(run.fileName()));
                removed++;
            }
        }
        return removed;
    }

    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(records, "*.json")) {
            found.forEach(files::add);
        } catch (NoSuchFileException e) {
            return List.of();
        }
        return files;
    }

    private static Optional<RunRecord> read(Path file) throws IOException {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        try {
            RunRecord record = RunRecord.parse(text);
            if (!file.endsWith(record.fileName())) {
                throw new IOException("the record of another run");
            }
            return Optional.of(record);
        } catch (IOException e) {
            throw new IOException(
                    file + " is not the record of a run. Next: rm " + ShellQuote.word(file.toString()), e);
        }
    }
}
