package dev.agentcoord.runner.text;

import java.util.List;
import java.util.stream.Collectors;

/** Quotes for a POSIX shell: single quotes, in which the shell changes nothing. */
public final class ShellQuote {
    private ShellQuote() {}

    /** The argument as one word; exact for every text without NUL, which no argument can contain. */
    public static String quote(String argument) {
        return "'" + argument.replace("'", "'\\''") + "'";
    }

    /** The arguments as words separated by spaces. */
    public static String quote(List<String> arguments) {
        return arguments.stream().map(ShellQuote::quote).collect(Collectors.joining(" "));
    }
}
