package dev.agentcoord.core.path;

import dev.agentcoord.InvalidRequestException;
import java.text.Normalizer;
import java.util.ArrayDeque;
import java.util.Deque;

/** A canonical repo-relative path: {@code /} separators, no {@code .} or {@code ..}, NFC, never out of the root. Immutable. */
public final class PathName {
    private final String text;

    private PathName(String text) {
        this.text = text;
    }

    /** Brings a typed path into canonical form, lexically; throws {@link InvalidRequestException}. */
    public static PathName of(String typed) {
        if (typed.startsWith("/") || typed.codePoints().anyMatch(Character::isISOControl)) {
            throw new InvalidRequestException(typed, "not a path inside the repository: '" + typed + "'");
        }
        Deque<String> segments = new ArrayDeque<>();
        for (String segment : Normalizer.normalize(typed, Normalizer.Form.NFC).split("/", -1)) {
            if (segment.equals("..")) {
                if (segments.pollLast() == null) {
                    throw new InvalidRequestException(typed, "'" + typed + "' leaves the repository");
                }
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.addLast(segment);
            }
        }
        return new PathName(String.join("/", segments));
    }

    /** Whether it is the root directory itself. */
    public boolean isRoot() {
        return text.isEmpty();
    }

    @Override
    public String toString() {
        return isRoot() ? "." : text;
    }
}
