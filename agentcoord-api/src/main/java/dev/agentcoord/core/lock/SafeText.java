package dev.agentcoord.core.lock;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Any text as ASCII that is safe in a file or znode name: letters, digits and {@code . _ - @ =} stand for themselves,
 * {@code +} for a slash, and everything else is percent-encoded UTF-8. Each text has exactly one such form.
 */
public final class SafeText {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final boolean[] PLAIN = plain();

    private SafeText() {}

    /** Appends the safe form of a text. */
    public static void append(StringBuilder out, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                out.append(c);
            } else if (c == '/') {
                out.append('+');
            } else {
                int codePoint = text.codePointAt(i);
                for (byte b : Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)) {
                    HEX.toHexDigits(out.append('%'), b);
                }
                i += Character.charCount(codePoint) - 1;
            }
        }
    }

    /** Reads a safe form back, other spellings of it too; throws {@link IllegalArgumentException} for anything else. */
    public static String read(String safe) {
        StringBuilder text = new StringBuilder(safe.length());
        for (int i = 0; i < safe.length(); i++) {
            char c = safe.charAt(i);
            if (isPlain(c)) {
                text.append(c);
            } else if (c == '+') {
                text.append('/');
            } else if (c == '%') {
                int end = endOfEncoded(safe, i);
                text.append(decoded(safe, i, end));
                i = end - 1;
            } else {
                throw new IllegalArgumentException("an unexpected character in '" + printable(safe) + "'");
            }
        }
        return text.toString();
    }

    /** A text in a form that does nothing to a terminal or a log, for messages about hostile names. */
    public static String printable(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints()
                .limit(300)
                .forEach(c -> out.append(c > ' ' && c < 0x7F ? Character.toString(c) : String.format("<%x>", c)));
        return out.toString();
    }

    private static int endOfEncoded(String safe, int from) {
        int end = from;
        while (end < safe.length() && safe.charAt(end) == '%') {
            end += 3;
        }
        return Math.min(end, safe.length());
    }

    private static String decoded(String safe, int from, int to) {
        String digits = safe.substring(from, to).replace("%", "");
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(HEX.parseHex(digits)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("'" + printable(safe) + "' is not encoded UTF-8", e);
        }
    }

    private static boolean isPlain(char c) {
        return c < PLAIN.length && PLAIN[c];
    }

    private static boolean[] plain() {
        boolean[] plain = new boolean[128];
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-@="
                .chars()
                .forEach(c -> plain[c] = true);
        return plain;
    }
}
