package dev.agentcoord.fs;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.TaskId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tells of tasks' files whether a power cut left a name and not what belongs to it. Not thread-safe. */
final class TornFiles {
    private static final int PAGE = 4096;

    /** Tasks of a batch follow one another and have one file. */
    private @Nullable Object latestFile;

    private byte[] latestContent = {};

    /** Whether it has the undamaged record of that task. */
    static boolean isWhole(Path file, TaskId id) {
        try {
            return TaskFile.decode(file, Calls.read(file), id).id().equals(id);
        } catch (IOException | CorruptRecordException e) {
            return false;
        }
    }

    /**
     * Whether its name has reached the disk without its content. Of a file of one page no part is there alone. What the disk cannot read is
     * damaged, not that.
     */
    boolean isCutShort(Path file, TaskId id) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!now.isRegularFile() || now.size() <= PAGE) {
                return now.isRegularFile() && now.size() == 0;
            }
            if (!Objects.equals(now.fileKey(), latestFile)) {
                latestContent = Calls.read(file);
                latestFile = now.fileKey();
            }
            return !TaskFile.isIn(file, latestContent, id);
        } catch (CorruptRecordException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
