package dev.agentcoord.fs;

import dev.agentcoord.CorruptRecordException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Tasks that wait for their time, in buckets of about a minute each and of at most 512 tasks. Those of the minutes that have begun are
 * remembered until {@link #forget}: by their time, and once that has come in the order in which they are claimed. Used inside the section
 * only, told of all changes.
 */
final class Schedule {
    private static final int SLOT_BITS = 16;
    private static final int SLOT_DIGITS = 12;
    private static final Pattern BUCKET = Pattern.compile("[0-9a-f]{12}~[0-9a-f]{14}");

    private final Path dir;
    private final Map<Long, Place> places = new HashMap<>();
    private final NavigableSet<Place> waiting =
            new TreeSet<>(Comparator.comparingLong(Place::moment).thenComparing(Place::task));
    private final NavigableSet<Place> due = new TreeSet<>(Comparator.comparing(Place::task));
    private boolean known;
    private long lastSlot;
    private long nextSlot;

    private record Place(Path file, TaskName task, long moment) {}

    Schedule(Path dir) {
        this.dir = dir;
    }

    Path bucket(TaskName task, long due) {
        return dir.resolve(
                TaskName.hex(slot(due)).substring(16 - SLOT_DIGITS) + "~" + QueueLayout.range(task.number()));
    }

    private static long slot(long moment) {
        return moment >>> SLOT_BITS;
    }

    void forget() {
        known = false;
    }

    /** A task came to a bucket. Anybody in the group can announce: where the name is none the disk says what is there. */
    void added(String bucket, String name) {
        long slot = slot(TaskName.momentOf(name));
        if (slot > lastSlot) {
            nextSlot = Math.min(nextSlot, slot);
            return;
        }
        try {
            remember(dir.resolve(bucket), name);
        } catch (CorruptRecordException e) {
            known = false;
        }
    }

    /** A task of that sequence left. After the last it is looked which buckets can go. */
    void removed(long sequence) {
        Place place = places.remove(sequence);
        if (place != null) {
            waiting.remove(place);
            due.remove(place);
            known &= !places.isEmpty();
        }
    }

    /**
     * Of the tasks whose time has come the first by priority and then in the order enqueued, not many at once, and the first that is wanted
     * in any case. Looks at the disk only when a minute has begun in which there may be one.
     */
    List<Path> due(long now, int most, Predicate<TaskName> wanted) throws IOException {
        if (!known || nextSlot <= slot(now)) {
            load(slot(now));
        }
        while (!waiting.isEmpty() && waiting.first().moment <= now) {
            due.add(waiting.pollFirst());
        }
        List<Path> first = new ArrayList<>();
        boolean found = false;
        for (Place place : due) {
            boolean isFirst = !found && wanted.test(place.task);
            if (isFirst || first.size() < most) {
                first.add(place.file);
            }
            found |= isFirst;
            if (found && first.size() >= most) {
                break;
            }
        }
        return first;
    }

    private void load(long slot) throws IOException {
        known = false;
        places.clear();
        waiting.clear();
        due.clear();
        lastSlot = slot;
        nextSlot = Long.MAX_VALUE;
        for (String bucket : sorted(dir)) {
            if (!BUCKET.matcher(bucket).matches() || !Disk.isDirectory(dir.resolve(bucket))) {
                continue; // Somebody made it by hand.
            }
            long other = Long.parseLong(bucket, 0, SLOT_DIGITS, 16);
            if (other > slot) {
                nextSlot = other;
                break;
            }
            addAll(dir.resolve(bucket));
        }
        known = true;
    }

    private void addAll(Path bucket) throws IOException {
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
            if (TaskName.isOne(name)) {
                remember(bucket, name);
            }
        }
    }

    private void remember(Path bucket, String name) {
        TaskName.Found found = TaskName.parse(bucket, name);
        Place place = new Place(bucket.resolve(name), found.task(), found.due());
        if (places.putIfAbsent(found.task().sequence(), place) == null) {
            waiting.add(place);
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

    static String[] sorted(Path dir) throws IOException {
        String[] names = Disk.list(dir);
        Arrays.sort(names);
        return names;
    }
}
