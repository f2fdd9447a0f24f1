package dev.agentcoord.core.path;

import dev.agentcoord.core.path.GlobNode.Literal;
import java.util.List;

/**
 * A pattern for paths relative to the root of a repository. {@code ?} is one code point and {@code *} any number of them
 * within a segment, {@code **} any number of whole segments, none included; {@code [a-z]}, {@code [!a]} and
 * {@code [^a]} are classes, {@code {a,b/c}} alternatives that may nest, and a backslash takes the meaning from one of
 * {@code *?[]{},!^-}. Immutable.
 *
 * <p>Unlike in a shell, a leading dot is nothing special: {@code *} matches {@code .env}, for a lock that spares hidden
 * files would be a trap. {@code src/**} matches {@code src} too. A leading or inner {@code ./} is dropped; an
 * alternative that would make a segment empty, {@code .} or {@code ..} matches nothing. Case matters.
 *
 * <p>Both pattern and paths are in NFC and are compared code point by code point: {@code e?} does not match {@code é},
 * which is one code point.
 */
public final class Glob {
    private final String text;
    private final PathName literalPrefix;
    private final Nfa rest;

    private Glob(String text, PathName literalPrefix, Nfa rest) {
        this.text = text;
        this.literalPrefix = literalPrefix;
        this.rest = rest;
    }

    /**
     * Compiles a pattern, in time linear in its length.
     *
     * @throws dev.agentcoord.InvalidRequestException if it is malformed, ambiguous, absolute, holds {@code ..}, or has
     *     more than 512 steps behind its literal prefix
     */
    public static Glob of(String typed) {
        List<List<GlobNode>> segments = GlobSegments.of(typed);
        int literal = 0;
        while (literal < segments.size() && segments.get(literal).stream().allMatch(Literal.class::isInstance)) {
            literal++;
        }
        return new Glob(
                render(segments),
                prefix(segments.subList(0, literal)),
                new NfaBuilder(typed).build(segments.subList(literal, segments.size())));
    }

    /**
     * This pattern moved below a directory, whose name is taken literally whatever characters it is made of.
     *
     * @throws dev.agentcoord.InvalidRequestException if the prefix grows longer than a path may be
     */
    public Glob under(PathName directory) {
        if (directory.isRoot()) {
            return this;
        }
        PathName moved = literalPrefix.isRoot() ? directory : directory.resolve(literalPrefix.toString());
        StringBuilder pattern = new StringBuilder();
        directory.toString().codePoints().forEach(codePoint -> new Literal(codePoint).appendTo(pattern));
        return new Glob(
                text.equals(".")
                        ? pattern.toString()
                        : pattern.append('/').append(text).toString(),
                moved,
                rest);
    }

    /** Whether the pattern matches the whole path; linear in its length times that of the pattern. */
    public boolean matches(PathName path) {
        return path.isWithin(literalPrefix) && rest.accepts(path.below(literalPrefix));
    }

    /** The longest leading part free of wildcards, in whole segments: every match is this name or lies below it. */
    public PathName literalPrefix() {
        return literalPrefix;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Glob that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The pattern in canonical spelling, which {@link #of} reads back as an equal pattern. */
    @Override
    public String toString() {
        return text;
    }

    /** What is matched behind the literal prefix. */
    Nfa rest() {
        return rest;
    }

    private static PathName prefix(List<List<GlobNode>> literals) {
        if (literals.isEmpty()) {
            return PathName.root();
        }
        StringBuilder path = new StringBuilder();
        for (List<GlobNode> segment : literals) {
            segment.forEach(node -> path.appendCodePoint(((Literal) node).codePoint()));
            path.append('/');
        }
        return PathName.of(path.toString());
    }

    private static String render(List<List<GlobNode>> segments) {
        StringBuilder pattern = new StringBuilder();
        for (List<GlobNode> segment : segments) {
            if (pattern.length() > 0) {
                pattern.append('/');
            }
            segment.forEach(node -> node.appendTo(pattern));
        }
        return pattern.length() == 0 ? "." : pattern.toString();
    }
}
