package dev.agentcoord.runner.text;

/** Makes text of others safe to show on one line of a terminal: nothing in it moves the cursor, reorders or hides text. */
public final class Sanitizer {
    private Sanitizer() {}

    /** The text with each control, bidirectional and line-separating character written as {@code \}{@code uXXXX}; stays valid inside JSON. */
    public static String line(String text) {
        if (text.chars().noneMatch(Sanitizer::isUnsafe)) {
            return text;
        }
        StringBuilder safe = new StringBuilder(text.length() + 16);
        text.chars().forEach(c -> {
            if (isUnsafe(c)) {
                safe.append("\\u").append(String.format("%04x", c));
            } else {
                safe.append((char) c);
            }
        });
        return safe.toString();
    }

    /** Whether a UTF-16 unit may not reach a terminal: C0 but tab, DEL, C1, bidirectional controls, line and paragraph separators. */
    public static boolean isUnsafe(int c) {
        return (c < 0x20 && c != '\t') || (c >= 0x7f && c <= 0x9f) || isInvisible(c);
    }

    private static boolean isInvisible(int c) {
        return c == 0x061c
                || c == 0x200e
                || c == 0x200f
                || (c >= 0x2028 && c <= 0x202e)
                || (c >= 0x2066 && c <= 0x2069)
                || c == 0xfeff;
    }
}
