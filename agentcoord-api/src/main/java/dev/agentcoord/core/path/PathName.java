package dev.agentcoord.core.path;

import java.util.List;
import java.util.NavigableMap;

/**
 * The canonical name of a file or directory, relative to the root of a repository: {@code ./x}, {@code x} and
 * {@code a/../x} are one name. Segments are separated by {@code /}, in Unicode NFC, and compared case-sensitively, as
 * Linux does; the root is the empty name and prints as {@code .}. Immutable.
 *
 * <p>Names are lexical: symbolic links are resolved before, by whoever can see the file system, and two hard links are
 * two names. A backslash is refused, because it is a separator to one system and a letter to another.
 *
 * <p>The order puts a directory first and everything below it right behind it, so that a tree is one range of a sorted
 * map ({@link #within}); plain text order would put {@code a-b} between {@code a} and {@code a/b}.
 */
public final class PathName implements Comparable<PathName> {
    private static final PathName ROOT = new PathName("");

    /** Sorts behind the separator and before everything a name may hold. */
    private static final char AFTER_SEPARATOR = '\u0001';

    private final String text;

    private PathName(String text) {
        this.text = text;
    }

    /**
     * The canonical form of a relative path, by its text alone; idempotent.
     *
     * @throws dev.agentcoord.InvalidRequestException if it is empty, absolute, leads out of the root, is too long (255
     *     bytes a segment, 4096 in all) or holds a backslash, a control character, half a surrogate pair or what was
     *     no UTF-8
     */
    public static PathName of(String typed) {
        return ofCanonical(PathSyntax.canonical(typed));
    }

    /** The root of the repository, the empty name; every other name is within it. */
    public static PathName root() {
        return ROOT;
    }

    /** The part of a sorted map whose keys are the tree's directory or below it: a live view, found in log time. */
    public static <V> NavigableMap<PathName, V> within(NavigableMap<PathName, V> index, PathName tree) {
        if (tree.isRoot()) {
            return index;
        }
        return index.subMap(tree, true, new PathName(tree.text + AFTER_SEPARATOR), false);
    }

    /**
     * The name of a path relative to this directory, by text alone: {@code ..} may climb up to the root of the
     * repository.
     *
     * @throws dev.agentcoord.InvalidRequestException as {@link #of}
     */
    public PathName resolve(String relative) {
        if (isRoot() || relative.isEmpty() || relative.charAt(0) == '/') {
            return of(relative);
        }
        return of(text + '/' + relative);
    }

    /** Whether this is the other name or lies below it; the root holds everything. */
    public boolean isWithin(PathName other) {
        int length = other.text.length();
        return length == 0 || (text.startsWith(other.text) && (text.length() == length || text.charAt(length) == '/'));
    }

    /** Whether this is the root of the repository. */
    public boolean isRoot() {
        return text.isEmpty();
    }

    /** The directory this name stands in; the root is its own parent, as it is on disk. */
    public PathName parent() {
        return isRoot() ? ROOT : ofCanonical(text.substring(0, Math.max(0, text.lastIndexOf('/'))));
    }

    /** The names from the root downwards, without separators; none for the root. */
    public List<String> segments() {
        return isRoot() ? List.of() : List.of(text.split("/"));
    }

    /** Orders by segments, a directory directly before everything below it; consistent with {@link #equals}. */
    @Override
    public int compareTo(PathName other) {
        int shared = Math.min(text.length(), other.text.length());
        for (int i = 0; i < shared; i++) {
            char mine = text.charAt(i);
            char theirs = other.text.charAt(i);
            if (mine != theirs) {
                return mine == '/' ? -1 : theirs == '/' ? 1 : Character.compare(mine, theirs);
            }
        }
        return Integer.compare(text.length(), other.text.length());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PathName that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The canonical text, which {@link #of} reads back as this name; {@code .} for the root. */
    @Override
    public String toString() {
        return isRoot() ? "." : text;
    }

    /** What follows the directory's name and its separator; this must be within it. */
    String below(PathName directory) {
        if (directory.isRoot()) {
            return text;
        }
        return text.length() == directory.text.length() ? "" : text.substring(directory.text.length() + 1);
    }

    private static PathName ofCanonical(String text) {
        return text.isEmpty() ? ROOT : new PathName(text);
    }
}
