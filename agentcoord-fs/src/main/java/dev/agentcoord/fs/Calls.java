package dev.agentcoord.fs;

import dev.agentcoord.core.record.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Runs file operations so that their errors are typed and an interrupt of the caller never tears or fails them. */
final class Calls {
    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    private static final int MOST_ARE_SHORTER = 4096;
    /** Twice what the largest takes that is written: 16 values of one moment. */
    private static final int LONGEST = 2 * 1024 * 1024;

    private Calls() {}

    /** Something that touches files. */
    @FunctionalInterface
    interface Call<T> {
        /** Does it. */
        T run() throws IOException;
    }

    /** Runs it, turning I/O errors into the typed one that names the store. */
    static <T> T typed(Path store, Call<T> call) {
        try {
            return call.run();
        } catch (IOException e) {
            throw Disk.unavailable(store, e);
        }
    }

    /**
     * The whole content of a plain file; what else somebody made in its place is refused before it is opened, since a pipe would keep the
     * reader waiting, and so is one that is larger than any that is written. A read that does not fill the buffer has met the end.
     */
    static byte[] read(Path file) throws IOException {
        if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isRegularFile()) {
            throw Json.corrupt(file, "it is not a plain file", null);
        }
        return uninterrupted(() -> {
            try (FileChannel in = FileChannel.open(file, READ)) {
                ByteBuffer content = ByteBuffer.allocate(MOST_ARE_SHORTER);
                while (in.read(content) > 0 && !content.hasRemaining()) {
                    if (content.capacity() >= LONGEST) {
                        throw Json.corrupt(file, "it has more than " + LONGEST + " bytes", null);
                    }
                    content = ByteBuffer.allocate(2 * content.capacity()).put(content.flip());
                }
                return Arrays.copyOf(content.array(), content.position());
            }
        });
    }

    /** Repeats a harmless call whose channel an interrupt closed, and leaves the thread interrupted as it was found. */
    static <T> T uninterrupted(Call<T> call) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return call.run();
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Throws what went wrong on behalf of this thread in another; null for nothing. */
    static void rethrow(@Nullable Exception failure) throws IOException {
        if (failure instanceof IOException e) {
            throw e;
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
    }
}
