package dev.agentcoord.core.path;

/**
 * A set of paths to lock: one file, a directory with all below it, or what a glob matches. Whether any of it exists is
 * of no account. Immutable; equal when of one kind and one canonical text.
 *
 * <p>Sets are compared exactly, by the product of their automata, never by their texts (Hopcroft, Motwani and Ullman,
 * Introduction to Automata Theory, 4.2). Two limits of names stay out of the automata: their length, and that a name is
 * in NFC. So two globs that only meet in an impossible name count as overlapping; no overlap is ever missed.
 */
public sealed interface PathPattern {
    /** Exactly one path, be it a file or a directory without what is in it. */
    static PathPattern file(PathName path) {
        return new File(path);
    }

    /** A directory and everything below it, existing or not. */
    static PathPattern tree(PathName directory) {
        return new Tree(directory);
    }

    /** Every path that a glob matches. */
    static PathPattern glob(Glob glob) {
        return new Matching(glob);
    }

    /** The deepest name that every path of this set is or lies below: the key for an index. */
    PathName anchor();

    /** Whether a path belongs to this set. */
    boolean matches(PathName path);

    /** Whether some path belongs to both sets; exact and symmetric, at worst milliseconds for two hostile globs. */
    default boolean overlaps(PathPattern other) {
        return Product.overlap(this, other);
    }

    /**
     * Whether every path of the other set belongs to this one. True is always right; so is false, except for a glob of
     * such ambiguity that the question is given up ({@code *a*b*c…} times alternatives) and false returned.
     */
    default boolean covers(PathPattern other) {
        return Product.covers(this, other);
    }

    /** One path. */
    record File(PathName path) implements PathPattern {
        @Override
        public PathName anchor() {
            return path;
        }

        @Override
        public boolean matches(PathName other) {
            return path.equals(other);
        }

        @Override
        public boolean overlaps(PathPattern other) {
            return other.matches(path);
        }

        @Override
        public String toString() {
            return "file:" + path;
        }
    }

    /** A directory and everything below it. */
    record Tree(PathName directory) implements PathPattern {
        @Override
        public PathName anchor() {
            return directory;
        }

        @Override
        public boolean matches(PathName path) {
            return path.isWithin(directory);
        }

        @Override
        public boolean overlaps(PathPattern other) {
            if (other instanceof Matching) {
                return Product.overlap(this, other);
            }
            return other.anchor().isWithin(directory) || other.matches(directory);
        }

        @Override
        public String toString() {
            return "tree:" + directory;
        }
    }

    /** What a glob matches. */
    record Matching(Glob glob) implements PathPattern {
        @Override
        public PathName anchor() {
            return glob.literalPrefix();
        }

        @Override
        public boolean matches(PathName path) {
            return glob.matches(path);
        }

        @Override
        public String toString() {
            return "glob:" + glob;
        }
    }
}
