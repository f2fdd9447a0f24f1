package dev.agentcoord.core;

import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.Item;
import dev.agentcoord.LimitExceededException;
import dev.agentcoord.core.path.Glob;
import dev.agentcoord.core.path.PathName;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.regex.Pattern;

/** Brings every name a user types into its one canonical form, or refuses it with a reason. */
public final class Canonical {
    private static final Pattern AGENT = Pattern.compile("[a-z0-9][a-z0-9-]{0,47}");
    private static final Pattern TASK = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,63}");

    private Canonical() {}

    /** The canonical text of an item of a kind. */
    public static String text(Item.Kind kind, String typed) {
        return switch (kind) {
            case FILE -> file(typed);
            case TREE -> PathName.of(typed).toString();
            case GLOB -> Glob.of(typed).toString();
            case NAME -> key(typed);
        };
    }

    /** A key or name: 1 to 512 bytes of NFC text without control characters. */
    public static String key(String typed) {
        String key = Normalizer.normalize(typed, Normalizer.Form.NFC);
        if (key.isEmpty() || key.codePoints().anyMatch(Canonical::isUnprintable)) {
            throw new InvalidRequestException(
                    typed, "a key is not empty and has no control characters; name one such as 'build/status'");
        }
        int bytes = key.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > Limits.KEY_BYTES) {
            throw new LimitExceededException(
                    typed, "a key is at most " + Limits.KEY_BYTES + " bytes, got " + bytes + "; shorten it");
        }
        return key;
    }

    /** An agent, queue or space name: 1 to 48 characters of {@code [a-z0-9-]}, not starting with a dash. */
    public static String agentName(String typed) {
        if (!AGENT.matcher(typed).matches()) {
            throw new InvalidRequestException(
                    typed,
                    "bad name '" + typed + "': use 1 to 48 of a-z, 0-9 and '-', starting with a letter or digit");
        }
        return typed;
    }

    /** A task id: 1 to 64 characters of {@code [A-Za-z0-9._-]}. */
    public static String taskId(String typed) {
        if (!TASK.matcher(typed).matches()) {
            throw new InvalidRequestException(
                    typed, "bad task id '" + typed + "': use 1 to 64 of A-Z, a-z, 0-9, '.', '_' and '-'");
        }
        return typed;
    }

    private static String file(String typed) {
        PathName path = PathName.of(typed);
        if (path.isRoot()) {
            throw new InvalidRequestException(typed, "'" + typed + "' is the root directory; lock it as a tree");
        }
        return path.toString();
    }

    static boolean isUnprintable(int c) {
        return Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE;
    }
}
