package dev.agentcoord.fs;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Tasks in the order they were enqueued, in buckets of at most 512: tasks whose numbers in the queue have the same upper digits. A bucket
 * that was emptied is removed once there is a later one, and never comes back: its successor of the same range has another name. What was
 * listed is remembered until {@link #forget}; used inside the section only, told of all changes.
 */
final class Shelf {
    private final Path dir;
    private @Nullable NavigableSet<String> buckets;
    private @Nullable String head;
    private NavigableSet<String> names = new TreeSet<>();

    Shelf(Path dir) {
        this.dir = dir;
    }

    Path dir() {
        return dir;
    }

    void forget() {
        buckets = null;
        head = null;
    }

    /** The bucket for a task, there or yet to be made. */
    Path bucket(long number, long position) throws IOException {
        String range = QueueLayout.range(number);
        String found = find(range);
        return dir.resolve(found != null ? found : range + "~" + TaskName.hex(position));
    }

    /** The bucket of a task if there is one. */
    @Nullable Path bucketOf(long number) throws IOException {
        String found = find(QueueLayout.range(number));
        return found == null ? null : dir.resolve(found);
    }

    /** There is at most one of a range. Nobody tells when he removes an empty one, so it is looked whether it is still there. */
    private @Nullable String find(String range) throws IOException {
        String found = load().ceiling(range);
        while (found != null && found.startsWith(range)) {
            if (Disk.isThere(dir.resolve(found))) {
                return found;
            }
            load().remove(found);
            found = load().ceiling(range);
        }
        return null;
    }

    /** All buckets, in order. */
    List<String> buckets() throws IOException {
        return List.copyOf(load());
    }

    private NavigableSet<String> load() throws IOException {
        if (buckets == null) {
            buckets = new TreeSet<>();
            try {
                buckets.addAll(Arrays.asList(Disk.list(dir)));
            } catch (NoSuchFileException e) {
                // Nothing was ever put here.
                return buckets;
            }
        }
        return buckets;
    }

    /** The first task, or null where there is none; empty buckets before it are removed, but not the last, where the next will come. */
    @Nullable Path first() throws IOException {
        while (head == null || names.isEmpty()) {
            NavigableSet<String> all = load();
            if (head != null && !all.isEmpty() && head.equals(all.last())) {
                return null;
            }
            if (head != null) {
                drop(head);
            }
            if (all.isEmpty()) {
                return null;
            }
            head = all.first();
            names = new TreeSet<>();
            try {
                names.addAll(Arrays.asList(Disk.list(dir.resolve(head))));
            } catch (NoSuchFileException e) {
                // Somebody else found it empty.
                all.remove(head);
                head = null;
            }
        }
        return dir.resolve(head).resolve(names.first());
    }

    /** Removes the last bucket as well, where nothing is left. */
    void clear() throws IOException {
        for (String bucket : buckets()) {
            drop(bucket);
        }
    }

    /** Only an empty directory can be removed, so what was remembered wrongly does no harm. */
    private void drop(String bucket) throws IOException {
        head = null;
        if (Disk.removeIfEmpty(dir.resolve(bucket))) {
            load().remove(bucket);
        }
    }

    void added(String bucket, String name) {
        if (buckets == null) {
            return;
        }
        buckets.add(bucket);
        if (head != null && bucket.equals(head)) {
            names.add(name);
        } else if (head != null && bucket.compareTo(head) < 0) {
            head = null;
        }
    }

    /** A task of that sequence left a bucket. */
    void removed(String bucket, String sequence) {
        if (head == null || !bucket.equals(head)) {
            return;
        }
        String name = names.ceiling(sequence);
        if (name != null && name.startsWith(sequence)) {
            names.remove(name);
        }
    }
}
