package dev.agentcoord.core.path;

import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.core.path.GlobNode.Choice;
import dev.agentcoord.core.path.GlobNode.Literal;
import dev.agentcoord.core.path.GlobNode.OneOf;
import dev.agentcoord.core.path.GlobNode.Wildcard;
import java.util.ArrayList;
import java.util.List;

/** Reads a pattern by recursive descent. Whatever could be meant in two ways is refused, with the place and a remedy. */
final class GlobParser {
    private static final int MAX_NESTING = 16;
    private static final int END = -1;

    private final String typed;
    private final int[] pattern;
    private int at;
    private int depth;

    private GlobParser(String typed) {
        this.typed = typed;
        this.pattern = PathSyntax.normalized(typed, true).codePoints().toArray();
    }

    static List<GlobNode> parse(String typed) {
        return new GlobParser(typed).sequence();
    }

    private List<GlobNode> sequence() {
        List<GlobNode> nodes = new ArrayList<>();
        while (peek() != END && !(depth > 0 && (peek() == ',' || peek() == '}'))) {
            nodes.add(node());
        }
        return nodes;
    }

    private GlobNode node() {
        int next = pattern[at++];
        return switch (next) {
            case '/' -> Wildcard.SEPARATOR;
            case '?' -> new OneOf(CodePoints.NAME, "?");
            case '*' -> stars();
            case '[' -> characterClass();
            case '{' -> choice();
            case '\\' -> new Literal(escaped());
            case ']', '}' -> throw malformed("closes nothing; write \\" + (char) next + " if it is part of a name");
            default -> new Literal(next);
        };
    }

    private Wildcard stars() {
        if (peek() != '*') {
            return Wildcard.STAR;
        }
        at++;
        if (peek() == '*') {
            throw malformed("is a third *; write * for part of a name, ** for any number of directories");
        }
        return Wildcard.GLOBSTAR;
    }

    private Choice choice() {
        if (++depth > MAX_NESTING) {
            throw malformed("nests braces deeper than " + MAX_NESTING + "; ask for several patterns instead");
        }
        int opened = at;
        List<List<GlobNode>> branches = new ArrayList<>();
        do {
            branches.add(sequence());
            if (peek() == END) {
                throw malformed("ends inside braces; close them, or write \\{ if it is part of a name");
            }
        } while (pattern[at++] == ',');
        if (at == opened + 1) {
            throw malformed("closes empty braces; write \\{\\} if they are part of a name");
        }
        depth--;
        return new Choice(branches);
    }

    private OneOf characterClass() {
        int opened = at - 1;
        boolean negated = peek() == '!' || peek() == '^';
        if (negated) {
            at++;
        }
        List<Integer> ranges = new ArrayList<>();
        // A bracket that comes first is a member, as POSIX has it: []a] is "]" or "a".
        do {
            int low = member();
            ranges.add(low);
            ranges.add(isRange() ? upperBound(low) : low);
        } while (peek() != ']');
        at++;
        CodePoints listed =
                CodePoints.ofRanges(ranges.stream().mapToInt(Integer::intValue).toArray());
        CodePoints set = negated ? listed.complement() : listed;
        if (set.isEmpty()) {
            throw malformed("closes a class that no character of a name is in");
        }
        return new OneOf(set, new String(pattern, opened, at - opened));
    }

    private boolean isRange() {
        return peek() == '-' && at + 1 < pattern.length && pattern[at + 1] != ']';
    }

    private int upperBound(int low) {
        at++;
        int high = member();
        if (high < low) {
            throw malformed("ends a range that runs backwards; write the smaller end first");
        }
        return high;
    }

    private int member() {
        if (peek() == END) {
            throw malformed("ends inside a class; close it with ], or write \\[ if it is part of a name");
        }
        int member = pattern[at++];
        if (member == '/') {
            throw malformed("is a / inside a class; a class stands for one character of a name");
        }
        return member == '\\' ? escaped() : member;
    }

    private int escaped() {
        if (peek() == END || Literal.ESCAPABLE.indexOf(peek()) < 0) {
            throw malformed("is a backslash that escapes none of " + Literal.ESCAPABLE
                    + "; separate directories with /, not with \\");
        }
        return pattern[at++];
    }

    private int peek() {
        return at < pattern.length ? pattern[at] : END;
    }

    private InvalidRequestException malformed(String why) {
        return PathSyntax.refused(typed, "is not a pattern: character " + at + " " + why);
    }
}
