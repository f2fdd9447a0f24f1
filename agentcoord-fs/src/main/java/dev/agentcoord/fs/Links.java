package dev.agentcoord.fs;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Short texts kept as the target of a symbolic link that leads nowhere: made, read and removed by one system call each, and complete from
 * the start. Nobody follows them.
 */
final class Links {
    private static final int HASH_LENGTH = 13;
    private static final int HASH_BYTES = 8;

    private static final Pattern HASH = Pattern.compile("[0-9a-v]{13}");

    private Links() {}

    /** Makes one; fails where the name is taken. */
    static void make(Path link, String text) throws IOException {
        Files.createSymbolicLink(link, Path.of(text));
    }

    /** Makes one, or replaces it by way of a temporary name. */
    static void put(Path link, String text, Path scratch) throws IOException {
        try {
            make(link, text);
        } catch (FileAlreadyExistsException e) {
            replace(link, text, scratch);
        }
    }

    /** Makes one in the place of what is there, by way of a temporary name. */
    static void replace(Path link, String text, Path scratch) throws IOException {
        make(scratch, text);
        try {
            Files.move(scratch, link, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException e) {
            Disk.discard(scratch);
            throw e;
        }
    }

    /** What one says; null where there is none, empty where something else has the name. */
    static @Nullable String read(Path link) throws IOException {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (NoSuchFileException e) {
            return null;
        } catch (NotLinkException e) {
            return "";
        }
    }

    /** Whether a text is one that {@link #hash} makes: what others wrote must not lead out of a directory. */
    static boolean isHash(String text) {
        return HASH.matcher(text).matches();
    }

    /** A file name for a text of any length: 13 characters of {@code [0-9a-v]}. */
    static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            byte[] start = new byte[HASH_BYTES];
            System.arraycopy(hash, 0, start, 0, HASH_BYTES);
            String digits = new BigInteger(1, start).toString(32);
            return "0".repeat(HASH_LENGTH - digits.length()) + digits;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
