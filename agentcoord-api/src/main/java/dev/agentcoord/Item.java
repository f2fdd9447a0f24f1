package dev.agentcoord;

import dev.agentcoord.core.Canonical;

/**
 * One thing to lock: a file, a directory tree, a glob over paths, or a logical name. The text is canonical, so {@code ./x} and
 * {@code a/../x} make equal items. Immutable.
 *
 * @param kind what sort of thing it is; decides what it can overlap with
 * @param text canonical repo-relative path with {@code /}, glob pattern, or key
 */
public record Item(Kind kind, String text) implements Comparable<Item> {
    /** The sorts of item. Paths, trees and globs overlap among themselves; names only with equal names. */
    public enum Kind {
        /** Exactly one path. */
        FILE,
        /** A directory and everything below it, existing or not. */
        TREE,
        /** Every path that matches a pattern of {@code ? * ** [..] {a,b}}. */
        GLOB,
        /** A logical key that is no path, such as {@code git:index}. */
        NAME
    }

    /** Canonicalises the text, or throws {@link InvalidRequestException} for a path out of the root or a malformed pattern. */
    public Item {
        text = Canonical.text(kind, text);
    }

    /** One file by its repo-relative path; throws {@link InvalidRequestException} when it is malformed or leaves the root. */
    public static Item file(String path) {
        return new Item(Kind.FILE, path);
    }

    /** A directory and all below it, existing or not; {@code .} is the whole repository. Throws {@link InvalidRequestException}. */
    public static Item tree(String path) {
        return new Item(Kind.TREE, path);
    }

    /** All paths matching a pattern; overlap with other items is exact, never textual. Throws {@link InvalidRequestException}. */
    public static Item glob(String pattern) {
        return new Item(Kind.GLOB, pattern);
    }

    /** A logical key of 1 to 512 bytes that is no path; equal keys conflict. Throws {@link InvalidRequestException}. */
    public static Item name(String key) {
        return new Item(Kind.NAME, key);
    }

    /** A pool of counted permits, for {@link LockRequest#permits}; every user of a pool states the same capacity. */
    public static Pool pool(String name, int capacity) {
        return new Pool(name, capacity);
    }

    /** Orders by kind, then text; only for stable listings, it says nothing about overlap. */
    @Override
    public int compareTo(Item other) {
        int byKind = kind.compareTo(other.kind);
        return byKind != 0 ? byKind : text.compareTo(other.text);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Item that && kind == that.kind && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return 31 * kind.hashCode() + text.hashCode();
    }

    /** As the command line writes it: {@code src/A.java}, {@code src/gen/}, {@code glob:gen-*.proto}, {@code name:git:index}. */
    @Override
    public String toString() {
        return switch (kind) {
            case FILE -> text;
            case TREE -> text + "/";
            case GLOB -> "glob:" + text;
            case NAME -> "name:" + text;
        };
    }
}
