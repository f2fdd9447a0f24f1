package dev.agentcoord.fs;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Tasks that wait for their time, in buckets of about a minute each and of at most 512 tasks. The time of the first is remembered until
 * {@link #forget}; used inside the section only, told of all changes.
 */
final class Schedule {
    private static final int SLOT_BITS = 16;
    private static final int SLOT_DIGITS = 12;

    private final Path dir;
    private boolean known;
    private long first = Long.MAX_VALUE;

    Schedule(Path dir) {
        this.dir = dir;
    }

    Path bucket(TaskName task, long due) {
        return dir.resolve(
                TaskName.hex(due >>> SLOT_BITS).substring(16 - SLOT_DIGITS) + "~" + QueueLayout.range(task.number()));
    }

    void forget() {
        known = false;
    }

    void added(long due) {
        first = Math.min(first, due);
    }

    /** The first tasks whose time has come, not many at once; looks at the disk only when there is one. */
    List<Path> due(long now, int most) throws IOException {
        List<Path> all = new ArrayList<>();
        if (known && first > now) {
            return all;
        }
        String slot = "";
        for (String bucket : sorted(dir)) {
            String next = bucket.substring(0, SLOT_DIGITS);
            if (!slot.isEmpty() && !slot.equals(next) && (all.size() >= most || isAfter(all, now))) {
                break;
            }
            slot = next;
            addAll(all, dir.resolve(bucket));
        }
        all.sort((a, b) -> name(a).compareTo(name(b)));
        first = all.isEmpty() ? Long.MAX_VALUE : TaskName.momentOf(all.get(0));
        known = true;
        List<Path> due = all.stream()
                .filter(path -> TaskName.momentOf(path) <= now)
                .limit(most)
                .toList();
        // What is left is looked at again next time.
        known = due.isEmpty();
        return due;
    }

    private static boolean isAfter(List<Path> all, long now) {
        return all.stream().anyMatch(path -> TaskName.momentOf(path) > now);
    }

    private void addAll(List<Path> all, Path bucket) throws IOException {
        String[] names;
        try {
            names = Disk.list(bucket);
        } catch (NoSuchFileException e) {
            return;
        }
        if (names.length == 0) {
            Disk.removeIfEmpty(bucket);
        }
        for (String name : names) {
            all.add(bucket.resolve(name));
        }
    }

    /** The buckets that may have a task of that number. */
    List<Path> bucketsOf(long number) throws IOException {
        String range = "~" + QueueLayout.range(number);
        return Arrays.stream(sorted(dir))
                .filter(name -> name.endsWith(range))
                .map(dir::resolve)
                .toList();
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    static String[] sorted(Path dir) throws IOException {
        String[] names = Disk.list(dir);
        Arrays.sort(names);
        return names;
    }
}
