package dev.agentcoord.runner.store;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a command coordinates.
 *
 * @param store which store
 * @param space which space in it
 * @param origin what decided it, in words for people
 * @param isPrivate whether the store is one user's own, so that nobody else coordinates there
 * @param root the directory that lock paths are relative to: the top of the work tree, or outside git where it was asked for
 * @param repository the git repository, if it is in one
 */
public record Place(
        StoreUri store, String space, String origin, boolean isPrivate, Path root, Optional<Repository> repository) {
    /** A valid space name near any text: lower case, dashes for other characters, at most 48; {@code default} when nothing is left. */
    static String spaceName(String text) {
        String name =
                text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+", "");
        name = name.substring(0, Math.min(48, name.length())).replaceAll("-+$", "");
        return name.isEmpty() ? "default" : name;
    }

    /** One line that says which store and space, why, and whether it is private. */
    public String describe() {
        String line = "store " + store + ", project " + space + " (" + origin + ")";
        return isPrivate
                ? line
                        + "; private to you: other users coordinate elsewhere. Next, to share: agentcoord init --store fs:/shared/directory"
                : line;
    }
}
