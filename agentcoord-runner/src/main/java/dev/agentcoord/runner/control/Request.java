package dev.agentcoord.runner.control;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * One command as it was typed.
 *
 * @param directory the caller's working directory, absolute
 * @param flags {@code tty} when standard output is a terminal, {@link #UNREAD}; unknown ones mean nothing
 * @param arguments the verb first
 * @param input standard input, empty unless some argument is exactly {@code -}
 */
public record Request(Path directory, Set<String> flags, List<String> arguments, InputStream input) {
    /** The flag of a caller that throws the answer away. */
    public static final String UNREAD = "unread";

    /** Copies the collections. */
    public Request {
        flags = Set.copyOf(flags);
        arguments = List.copyOf(arguments);
    }

    /** Whether the answer reaches somebody, so that what is told once may be told in it. */
    public boolean isRead() {
        return !flags.contains(UNREAD);
    }
}
