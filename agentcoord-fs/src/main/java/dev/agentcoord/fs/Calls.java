package dev.agentcoord.fs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Runs file operations so that their errors are typed and an interrupt of the caller never tears or fails them. */
final class Calls {
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

    /** The whole content of a file; a link in its place is refused. */
    static byte[] read(Path file) throws IOException {
        return uninterrupted(() -> {
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                return in.readAllBytes();
            }
        });
    }

    /** Puts the names of a directory onto the disk. */
    static void sync(Path dir) throws IOException {
        uninterrupted(() -> {
            Disk.sync(dir);
            return true;
        });
    }

    /** Repeats a harmless call whose channel an interrupt closed, and leaves the thread interrupted as it was found. */
    private static <T> T uninterrupted(Call<T> call) throws IOException {
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
}
