package dev.agentcoord.fs;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.StoreFormatException;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.core.record.Json;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a store is, written once when it is made.
 *
 * @param incarnation milliseconds of the wall clock when it was made: a later store has a larger one
 * @param format it was made in
 * @param requires lowest format a program has to know to take part; a newer format that older programs may share keeps it
 */
record Manifest(long incarnation, int format, int requires) {
    /**
     * The format a version of agentcoord knows.
     *
     * @param number it writes into the stores it makes, and the highest it takes part in
     * @param requires lowest number others have to know to share its stores
     */
    record Format(int number, int requires) {
        /** Of this version. */
        static final Format CURRENT = new Format(1, 1);
    }

    /** Reads the manifest of a store; null where there is none yet, {@link StoreFormatException} for a format not known. */
    static @Nullable Manifest find(Path root, Format known) throws IOException {
        Path file = root.resolve("MANIFEST");
        return Disk.isThere(file) ? read(file, known) : null;
    }

    /** Publishes the manifest of a new store, unless somebody else was faster; returns the one that counts. */
    static Manifest make(Path root, TimeSource time, Format known) throws IOException {
        Path file = root.resolve("MANIFEST");
        String space = StoreDirectory.anySpace(root);
        // Whoever makes a space has seen the manifest before.
        if (space != null && !Disk.isThere(file)) {
            throw new CorruptRecordException(
                    file,
                    file + " is gone, though there is the space '" + space
                            + "': what its agents hold could be taken for older or"
                            + " newer than what others get; put it back, or end the agents and remove " + root,
                    null);
        }
        publish(root, file, new Manifest(time.wall().toEpochMilli(), known.number, known.requires));
        return read(file, known);
    }

    private static Manifest read(Path file, Format known) throws IOException {
        if (!Disk.isFile(file)) {
            throw new StoreFormatException(file, file + " is not a plain file; this is not a store");
        }
        Json.Fields fields = Json.read(file, Calls.read(file));
        long requires = fields.number("requires");
        if (requires > known.number || requires < 1) {
            throw new StoreFormatException(
                    file,
                    "the store needs format " + requires + ", this version knows " + known.number
                            + "; use the version of agentcoord that made it, or newer");
        }
        return new Manifest(fields.number("incarnation"), fields.integer("format"), (int) requires);
    }

    /** Complete or not at all, and the first one wins: only link(2) gives both. */
    private static void publish(Path root, Path file, Manifest manifest) throws IOException {
        Path tmp = Layout.temporary(root);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("incarnation", manifest.incarnation);
        fields.put("format", manifest.format);
        fields.put("requires", manifest.requires);
        Disk.create(tmp, Json.write(fields), Layout.RECORD);
        try {
            Disk.sync(tmp);
            Files.createLink(file, tmp);
            Disk.sync(root);
        } catch (FileAlreadyExistsException e) {
            return;
        } finally {
            Disk.discard(tmp);
        }
    }

    /** Whether the store is still the one that was opened. */
    boolean isStillAt(Path root, Format known) throws IOException {
        Manifest found = find(root, known);
        return found != null && found.incarnation == incarnation;
    }
}
