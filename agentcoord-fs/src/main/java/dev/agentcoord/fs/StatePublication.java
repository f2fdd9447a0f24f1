package dev.agentcoord.fs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The end of one transaction, or of several that are about different keys: judged, told to the log and given their names in one turn. What
 * is not done afterwards is to be begun anew. Used inside the section only.
 */
final class StatePublication {
    private final StateMemory memory;
    private final StateLog log;
    private final List<Part> parts = new ArrayList<>();

    StatePublication(StateDirectory state) {
        this.memory = state.memory();
        this.log = state.log();
    }

    private record Part(StateCommit commit, StateDrafts drafts) {}

    /** One more, with its values. */
    void add(StateCommit commit, StateDrafts drafts) {
        parts.add(new Part(commit, drafts));
    }

    /** Does it, and returns how many are published; what cannot be done to one that was not done before is told to that one and thrown. */
    int run(Turn turn) throws IOException {
        memory.begin(turn);
        List<Part> fit = new ArrayList<>();
        for (Part part : parts) {
            if (part.commit.isFit(turn)) {
                fit.add(part);
            }
        }
        boolean isLogged = fit.stream().anyMatch(part -> part.commit.isForLog()) && log.isThere();
        if (isLogged) {
            log.makeRoom(
                    changes(fit).stream().mapToInt(LogRecord.Value::mostBytes).sum());
        }
        for (Part part : List.copyOf(fit)) {
            if (!part.drafts.areSynced() && !part.commit.isSafe(isLogged)) {
                fit.remove(part);
            }
        }
        if (!fit.isEmpty()) {
            publish(turn, fit, isLogged);
        }
        return fit.size();
    }

    private void publish(Turn turn, List<Part> fit, boolean isLogged) throws IOException {
        List<Long> next = announce(turn, fit);
        for (Part part : List.copyOf(fit)) {
            if (!part.commit.isStillHeld(turn)) {
                fit.remove(part);
            }
        }
        if (fit.isEmpty()) {
            return;
        }
        Path file = isLogged ? log.append(LogRecord.encode(changes(fit))) : null;
        Map<String, StateMemory.Known> written = new LinkedHashMap<>();
        for (Part part : fit) {
            part.commit.publish(part.drafts, file);
            written.putAll(part.commit.written());
        }
        memory.wrote(turn, written);
        next.forEach(position -> memory.addSpare(new StateMemory.Reserved(position, turn.change())));
    }

    /** All at once; returns positions that were taken with it, for the next who write. */
    private static List<Long> announce(Turn turn, List<Part> fit) throws IOException {
        List<Long> next = new ArrayList<>();
        List<Change> news = new ArrayList<>();
        for (Part part : fit) {
            next.add(turn.nextPosition());
            part.commit.names().forEach(name -> news.add(new Change(Change.Kind.STATE, name)));
        }
        for (int i = 0; i < news.size(); i += OrderFile.AT_ONCE) {
            turn.announce(news.subList(i, Math.min(i + OrderFile.AT_ONCE, news.size())));
        }
        return next;
    }

    private static List<LogRecord.Value> changes(List<Part> parts) {
        List<LogRecord.Value> changes = new ArrayList<>();
        for (Part part : parts) {
            if (part.commit.isForLog()) {
                changes.addAll(part.commit.changes());
            }
        }
        return changes;
    }
}
