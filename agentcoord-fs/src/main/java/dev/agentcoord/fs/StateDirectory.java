package dev.agentcoord.fs;

import dev.agentcoord.SessionId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The shared state of a space, as this process shares it among its sessions. Thread-safe. */
final class StateDirectory {
    private final StateFiles files;
    private final Intent intent;
    private final StateNames names;
    private final Ephemerals ephemerals;
    private final StateWatchers watchers;
    private final StateMemory memory;
    private final StateLog log;
    private final StateCommits commits;

    StateDirectory(Layout layout, WriteAheadLog wal) {
        files = new StateFiles(layout.state());
        intent = new Intent(layout.state());
        names = new StateNames(files);
        ephemerals = new Ephemerals(layout.ephemerals(), files);
        watchers = new StateWatchers(layout.watching());
        memory = new StateMemory(files);
        log = new StateLog(wal, files, memory);
        commits = new StateCommits(this);
    }

    StateFiles files() {
        return files;
    }

    Intent intent() {
        return intent;
    }

    StateNames names() {
        return names;
    }

    Ephemerals ephemerals() {
        return ephemerals;
    }

    StateWatchers watchers() {
        return watchers;
    }

    StateMemory memory() {
        return memory;
    }

    StateLog log() {
        return log;
    }

    StateCommits commits() {
        return commits;
    }

    /** Removes what an ended session leaves here; returns whether a value went. */
    boolean forget(Section.Entrance section, SessionId ended) throws IOException {
        watchers.remove(ended);
        return ephemerals.sweep(section, ended);
    }

    /** Removes drafts of dead processes: once they are known to be dead, and what they had committed is finished by entering. */
    void sweepDrafts(Section.Entrance section) throws IOException {
        Machine here = Machine.here();
        List<Path> left = Stream.of(Disk.list(files.dir()))
                .filter(name -> !StateFiles.isKey(name) && isOfDead(name, here))
                .map(files::path)
                .toList();
        if (!left.isEmpty()) {
            section.run(Turn::change);
            left.forEach(Disk::discard);
        }
    }

    private boolean isOfDead(String name, Machine here) {
        Optional<Maker> maker = Maker.of(name);
        return maker.isPresent() && Leftovers.isGone(maker.get(), files.path(name), here);
    }
}
