package dev.agentcoord.harness.history.state;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Who made which version of one key, and who ended it by a deletion, by number of the transaction. Not thread-safe. */
final class KeyVersions {
    /** Stands for a transaction that has no number, since it may never have been. */
    static final int NOBODY = -1;

    private final NavigableMap<Long, Integer> writers = new TreeMap<>();
    private final Map<Long, List<Integer>> deleters = new HashMap<>();

    void add(int number, Touch touch, boolean certain) {
        Version left = touch.left();
        if (left == null) {
            return;
        }
        if (!left.isAbsent()) {
            if (left.revision() > 0) {
                writers.put(left.revision(), number);
            }
        } else if (certain) {
            touch.from().ifPresent(revision -> deleters.put(revision, List.of(number)));
        } else {
            touch.from().ifPresent(revision -> addDoubtful(revision, number));
        }
    }

    Optional<Integer> writer(long revision) {
        return Optional.ofNullable(writers.get(revision));
    }

    /** Who ended a version: its deletion, else the next write. */
    Optional<Integer> ender(long revision) {
        Optional<Integer> deleter = deleter(revision);
        return deleter.isPresent() ? deleter : nextWriter(revision);
    }

    Optional<Integer> nextWriter(long revision) {
        return Optional.ofNullable(writers.higherEntry(revision)).map(Map.Entry::getValue);
    }

    /** The deletion of a version; empty as well where it is not certain which call did it. */
    Optional<Integer> deleter(long revision) {
        List<Integer> all = deleters.getOrDefault(revision, List.of());
        return all.size() == 1 && all.get(0) != NOBODY ? Optional.of(all.get(0)) : Optional.empty();
    }

    /** The deletion of the version before a write. */
    Optional<Integer> deleterBefore(long revision) {
        return Optional.ofNullable(writers.lowerKey(revision)).flatMap(this::deleter);
    }

    boolean mayBeDeleted(long revision) {
        return deleters.containsKey(revision);
    }

    /** Revisions after which there was no value for a while, or may have been; 0 for the beginning. */
    List<Long> absences() {
        List<Long> all = new ArrayList<>(List.of(0L));
        writers.keySet().stream().filter(this::mayBeDeleted).forEach(all::add);
        return all;
    }

    List<Long> revisions() {
        return List.copyOf(writers.keySet());
    }

    private void addDoubtful(long revision, int number) {
        List<Integer> all = new ArrayList<>(deleters.getOrDefault(revision, List.of()));
        all.add(number);
        deleters.putIfAbsent(revision, all);
    }
}
