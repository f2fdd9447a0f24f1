package dev.agentcoord.fs;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.TaskId;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
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
            if (!now.isRegularFile() || now.size() == 0) {
                return now.isRegularFile();
            }
            if (now.size() <= PAGE) {
                return isBlank(file);
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

    /**
     * Whether it is all zeros, as where the file system put its length onto the disk and not its content. One byte tells of most that they
     * are not, at a fraction of what it takes to read them.
     */
    private static boolean isBlank(Path file) throws IOException {
        try (InputStream in = new FileInputStream(file.toFile())) {
            if (in.read() != 0) {
                return false;
            }
        }
        for (byte b : Calls.read(file)) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }
}
