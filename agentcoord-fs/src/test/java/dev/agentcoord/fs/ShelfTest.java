package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShelfTest {
    @TempDir
    private Path dir;

    /** Puts a task where the shelf says, as one process, and tells the shelves of others. */
    private Path put(Shelf shelf, String name, long position, Shelf... others) throws IOException {
        Path bucket = shelf.bucket(1, position);
        Files.createDirectories(bucket);
        Files.createFile(bucket.resolve(name));
        String range = String.valueOf(bucket.getFileName());
        shelf.added(range, name);
        for (Shelf other : others) {
            other.added(range, name);
        }
        return bucket.resolve(name);
    }

    private static void take(Path task, Shelf shelf, Shelf... others) throws IOException {
        Files.delete(task);
        String bucket = String.valueOf(QueueLayout.parent(task).getFileName());
        String sequence = String.valueOf(task.getFileName()).substring(0, 16);
        shelf.removed(bucket, sequence);
        for (Shelf other : others) {
            other.removed(bucket, sequence);
        }
    }

    @Test
    void theFirstTaskIsTheOneEnqueuedFirst() throws IOException {
        Shelf shelf = new Shelf(dir);
        Path second = put(shelf, name(6), 10);
        Path first = put(shelf, name(5), 11);

        assertThat(shelf.first()).isEqualTo(first);
        take(first, shelf);
        assertThat(shelf.first()).isEqualTo(second);
    }

    @Test
    void aTaskComesBackBeforeLaterOnesThoughAnotherProcessRemembersABucketThatIsGone() throws IOException {
        Shelf mine = new Shelf(dir);
        Shelf theirs = new Shelf(dir);
        Path earlier = put(mine, name(5), 10, theirs);
        assertThat(theirs.first()).isEqualTo(earlier);
        take(earlier, mine, theirs);
        assertThat(mine.first()).as("the empty bucket is removed").isNull();

        Path again = put(mine, name(5), 20, theirs);
        Path later = put(theirs, name(6), 21, mine);

        assertThat(QueueLayout.parent(later)).isEqualTo(QueueLayout.parent(again));
        assertThat(mine.first()).isEqualTo(again);
        assertThat(theirs.first()).isEqualTo(again);
    }

    private static String name(long sequence) {
        return TaskName.hex(sequence) + "~p5~n1~d0~a0of5~any~0123456789abc~t" + sequence;
    }
}
