package dev.agentcoord.fs;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.Intervention;
import dev.agentcoord.core.record.InterventionCodec;
import dev.agentcoord.core.record.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Arrays;
import java.util.Optional;

/** What somebody did about another's ticket, as a file of one JSON line. Its author is the owner of the file, whatever it says. */
final class Note {
    private static final long LONGEST = 16 * 1024;

    private Note() {}

    /** Writes one at a path of the author's own, to be published under its name. */
    static Path write(Path draft, Intervention note) throws IOException {
        Files.deleteIfExists(draft);
        Disk.create(draft, Json.write(InterventionCodec.fields(note)), Layout.RECORD);
        return draft;
    }

    /** Reads one; empty when it is gone, or was not written by this program: anyone in the group may plant files there. */
    static Optional<Intervention> read(Path file, Intervention.Kind... kinds) throws IOException {
        try {
            PosixFileAttributes attributes =
                    Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!attributes.isRegularFile() || attributes.size() > LONGEST) {
                return Optional.empty();
            }
            String author = attributes.owner().getName();
            Intervention note = InterventionCodec.read(Json.read(file, Calls.read(file)), author);
            return Arrays.asList(kinds).contains(note.kind()) ? Optional.of(note) : Optional.empty();
        } catch (NoSuchFileException | CorruptRecordException e) {
            return Optional.empty();
        }
    }
}
