package dev.agentcoord.runner.control;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * One command as it was typed.
 *
 * @param directory the caller's working directory, absolute
 * @param flags {@code tty} when standard output is a terminal; unknown ones mean nothing
 * @param arguments the verb first
 * @param input standard input, empty unless some argument is exactly {@code -}
 */
public record Request(Path directory, Set<String> flags, List<String> arguments, InputStream input) {
    /** Copies the collections. */
    public Request {
        flags = Set.copyOf(flags);
        arguments = List.copyOf(arguments);
    }

    /** Whether standard output is a terminal. */
    public boolean isTerminal() {
        return flags.contains("tty");
    }
}
