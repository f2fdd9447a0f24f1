package dev.agentcoord.core.path;

import dev.agentcoord.InvalidRequestException;
import java.text.Normalizer;

/** The spelling rules that paths and patterns share, and the lexical canonical form of a path. */
final class PathSyntax {
    /** Longest name of one file, in bytes of UTF-8: what Linux file systems allow. */
    static final int MAX_SEGMENT_BYTES = 255;

    /** Longest path, in bytes of UTF-8: Linux's PATH_MAX. */
    static final int MAX_BYTES = 4096;

    /** Longest spelling read at all; it bounds the work on hostile input such as a million {@code a/../}. */
    private static final int MAX_TYPED_CHARS = 4 * MAX_BYTES;

    private PathSyntax() {}

    /** NFC of a text made only of code points a path or a pattern may hold. */
    static String normalized(String typed, boolean backslashAllowed) {
        if (typed.isEmpty()) {
            throw refused(typed, "is empty; write . for the root of the repository");
        }
        if (typed.length() > MAX_TYPED_CHARS) {
            throw refused(
                    abbreviated(typed), "is longer than " + MAX_TYPED_CHARS + " characters; name a directory above it");
        }
        boolean ascii = true;
        for (int i = 0, codePoint; i < typed.length(); i += Character.charCount(codePoint)) {
            codePoint = typed.codePointAt(i);
            ascii &= codePoint < 0x80;
            if (codePoint != '/' && !(codePoint == '\\' && backslashAllowed)) {
                requireNameable(typed, codePoint);
            }
        }
        return ascii ? typed : Normalizer.normalize(typed, Normalizer.Form.NFC);
    }

    /** Resolves {@code .}, {@code ..} and empty segments by text alone; the root is the empty string. */
    static String canonical(String typed) {
        String text = normalized(typed, false);
        if (text.charAt(0) == '/') {
            throw refused(typed, "is absolute; give it relative to the root of the repository");
        }
        StringBuilder canonical = new StringBuilder(text.length());
        for (int from = 0; from <= text.length(); ) {
            int slash = text.indexOf('/', from);
            int to = slash < 0 ? text.length() : slash;
            append(canonical, text.substring(from, to), typed);
            from = to + 1;
        }
        if (utf8Length(canonical) > MAX_BYTES) {
            throw refused(
                    abbreviated(typed), "is longer than " + MAX_BYTES + " bytes in UTF-8; name a directory above it");
        }
        return canonical.toString();
    }

    static InvalidRequestException refused(String subject, String why) {
        return new InvalidRequestException(subject, "'" + printable(subject) + "' " + why);
    }

    private static void append(StringBuilder canonical, String segment, String typed) {
        if (segment.isEmpty() || segment.equals(".")) {
            return;
        }
        if (segment.equals("..")) {
            if (canonical.length() == 0) {
                throw refused(typed, "leads out of the repository; name a path inside it");
            }
            canonical.setLength(Math.max(0, canonical.lastIndexOf("/")));
            return;
        }
        if (utf8Length(segment) > MAX_SEGMENT_BYTES) {
            throw refused(
                    abbreviated(typed),
                    "has a name longer than " + MAX_SEGMENT_BYTES + " bytes in UTF-8; no file system takes it");
        }
        if (canonical.length() > 0) {
            canonical.append('/');
        }
        canonical.append(segment);
    }

    private static void requireNameable(String typed, int codePoint) {
        if (CodePoints.NAME.contains(codePoint)) {
            return;
        }
        if (codePoint == '\\') {
            throw refused(typed, "holds a backslash; separate directories with /");
        }
        if (codePoint == 0xFFFD) {
            throw refused(
                    typed,
                    "holds bytes that are no UTF-8, so others may mean the same; rename it or lock the"
                            + " directory it is in");
        }
        String kind = Character.isSurrogate((char) codePoint) && codePoint <= 0xFFFF
                ? "half a surrogate pair"
                : "a control character";
        throw refused(
                typed, String.format("holds %s (U+%04X); rename the file or lock its directory", kind, codePoint));
    }

    private static int utf8Length(CharSequence text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // A surrogate is half of a pair by now, and a pair takes four bytes.
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }

    private static String abbreviated(String typed) {
        return typed.length() <= 80 ? typed : typed.substring(0, 60) + "…";
    }

    /** A message is shown on terminals and written to logs: what was refused must not act there. */
    private static String printable(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(codePoint -> {
            if (codePoint == '/' || codePoint == '\\' || CodePoints.NAME.contains(codePoint)) {
                out.appendCodePoint(codePoint);
            } else {
                out.append(String.format("\\u%04x", codePoint));
            }
        });
        return out.toString();
    }
}
