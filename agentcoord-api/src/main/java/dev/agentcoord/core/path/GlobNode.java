package dev.agentcoord.core.path;

import java.util.List;

/** A piece of a parsed pattern; a pattern is a list of them. */
sealed interface GlobNode {
    /** Writes the piece as a pattern that parses to an equal piece. */
    void appendTo(StringBuilder pattern);

    /** Pieces without contents. */
    enum Wildcard implements GlobNode {
        /** Any number of code points of one segment. */
        STAR("*"),
        /** Any number of whole segments. */
        GLOBSTAR("**"),
        SEPARATOR("/");

        private final String text;

        Wildcard(String text) {
            this.text = text;
        }

        @Override
        public void appendTo(StringBuilder pattern) {
            pattern.append(text);
        }
    }

    /** Exactly this code point. */
    record Literal(int codePoint) implements GlobNode {
        /** What a backslash may stand before. */
        static final String ESCAPABLE = "*?[]{},!^-";

        private static final String ESCAPED = "*?[]{},";

        @Override
        public void appendTo(StringBuilder pattern) {
            if (ESCAPED.indexOf(codePoint) >= 0) {
                pattern.append('\\');
            }
            pattern.appendCodePoint(codePoint);
        }
    }

    /** One code point of a set, as written in the source. */
    record OneOf(CodePoints set, String source) implements GlobNode {
        @Override
        public void appendTo(StringBuilder pattern) {
            pattern.append(source);
        }
    }

    /** One of several sequences. */
    record Choice(List<List<GlobNode>> branches) implements GlobNode {
        @Override
        public void appendTo(StringBuilder pattern) {
            char before = '{';
            for (List<GlobNode> branch : branches) {
                pattern.append(before);
                branch.forEach(node -> node.appendTo(pattern));
                before = ',';
            }
            pattern.append('}');
        }
    }
}
