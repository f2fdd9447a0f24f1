package dev.agentcoord.runner.store;

import dev.agentcoord.core.Canonical;
import dev.agentcoord.runner.Refusal;
import dev.agentcoord.runner.text.Json;
import dev.agentcoord.runner.text.Spelling;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A file that names a store and a space: {@code {"store":"fs:/dir","project":"name"}}, either of them optional.
 *
 * @param file where it was read
 * @param store the store it names
 * @param project the space it names
 */
record ConfigFile(Path file, Optional<StoreUri> store, Optional<String> project) {
    private static final List<String> KEYS = List.of("store", "project");

    /** Reads it; empty values where there is no file. Throws {@link Refusal} when it is unreadable or malformed. */
    static ConfigFile read(Path file) {
        try {
            Map<String, String> values = Json.readFlat(Files.readString(file));
            refuseUnknown(file, values.keySet());
            return new ConfigFile(
                    file,
                    Optional.ofNullable(values.get("store")).map(StoreUri::parse),
                    Optional.ofNullable(values.get("project")).map(Canonical::agentName));
        } catch (NoSuchFileException e) {
            return new ConfigFile(file, Optional.empty(), Optional.empty());
        } catch (IOException e) {
            throw Refusal.usage("cannot read " + file + ": " + e.getMessage(), "repair or remove that file");
        }
    }

    /** A key that is misspelt would be a choice that nobody hears of. */
    private static void refuseUnknown(Path file, Set<String> keys) {
        for (String key : keys) {
            if (!KEYS.contains(key)) {
                String meant = Spelling.nearest(key, KEYS)
                        .map(near -> "; did you mean '" + near + "'?")
                        .orElse("; known are " + String.join(" and ", KEYS));
                throw Refusal.usage("unknown key '" + key + "' in " + file + meant, "repair that file");
            }
        }
    }

    boolean isPresent() {
        return store.isPresent() || project.isPresent();
    }

    /** Publishes a new file, complete or not at all; false when there is one by now, whose word then counts. */
    static boolean create(Path file, Place place) throws IOException {
        Path draft = draft(file, place);
        try {
            Files.createLink(file, draft);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } finally {
            Files.delete(draft);
        }
    }

    /** Puts a file in the place of the one that is there. */
    static void replace(Path file, Place place) throws IOException {
        Files.move(draft(file, place), file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path draft(Path file, Place place) throws IOException {
        Path draft = file.resolveSibling("agentcoord." + ProcessHandle.current().pid() + ".tmp");
        Files.writeString(draft, text(place), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return draft;
    }

    private static String text(Place place) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("store", place.store().toString());
        values.put("project", place.space());
        return Json.write(values) + "\n";
    }
}
