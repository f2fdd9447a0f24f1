package dev.agentcoord.fs;

import dev.agentcoord.core.Limits;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The file name of a state key: the key itself where its bytes are harmless, the rest escaped as in URLs. A key too long for a name keeps
 * its beginning and ends in a digest; the record inside states the whole key.
 */
final class KeyName {
    private static final int LONGEST_NAME = 255;
    private static final String SAFE = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.=@+,";
    private static final int DIGEST_BYTES = 16;

    private KeyName() {}

    static String of(String key) {
        String name = escape(key);
        if (name.length() <= LONGEST_NAME) {
            return name;
        }
        String digest = "~" + HexFormat.of().formatHex(sha256(key), 0, DIGEST_BYTES);
        return name.substring(0, LONGEST_NAME - digest.length()) + digest;
    }

    /** Whether it is the name of some key; any other was made by hand. */
    static boolean isOne(String name) {
        if (!isWhole(name)) {
            int digest = name.lastIndexOf('~') + 1;
            return name.length() == LONGEST_NAME
                    && LONGEST_NAME - digest == 2 * DIGEST_BYTES
                    && name.chars().skip(digest).allMatch(HexFormat::isHexDigit);
        }
        try {
            return escape(unescape(name)).equals(name);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Whether the name stands for its key in full, so that the key can be told without opening the file. */
    static boolean isWhole(String name) {
        return name.indexOf('~') < 0;
    }

    /** What all names of keys with that prefix start with; other names may start with it too when it is long. */
    static String prefix(String prefix) {
        String name = escape(prefix);
        return name.substring(0, Math.min(name.length(), LONGEST_NAME - 1 - 2 * DIGEST_BYTES));
    }

    private static String escape(String key) {
        StringBuilder name = new StringBuilder();
        for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
            if (isSafe(b, name.isEmpty())) {
                name.append((char) b);
            } else {
                name.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return name.toString();
    }

    /** The key of a whole name. */
    static String unescape(String name) {
        ByteArrayOutputStream key = new ByteArrayOutputStream(Limits.KEY_BYTES);
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) == '%' && i + 2 < name.length()) {
                key.write(HexFormat.fromHexDigits(name, i + 1, i + 3));
                i += 2;
            } else {
                key.write(name.charAt(i));
            }
        }
        return key.toString(StandardCharsets.UTF_8);
    }

    /** A leading dot would hide the file, or be {@code .} or {@code ..}. */
    private static boolean isSafe(byte b, boolean first) {
        return b > 0 && SAFE.indexOf(b) >= 0 && !(first && b == '.');
    }

    private static byte[] sha256(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
