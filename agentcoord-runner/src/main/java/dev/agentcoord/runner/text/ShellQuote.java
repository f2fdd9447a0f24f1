package dev.agentcoord.runner.text;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Quotes for a POSIX shell: single quotes, in which the shell changes nothing; exact for every text without NUL. Stateless. */
public final class ShellQuote {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@%+,=-]+");

    private ShellQuote() {}

    /** The argument as one word; exact for every text without NUL, which no argument can contain. */
    public static String quote(String argument) {
        return "'" + argument.replace("'", "'\\''") + "'";
    }

    /** The argument as one word for people to read and type: as it is where the shell changes nothing in it. */
    public static String word(String argument) {
        return PLAIN.matcher(argument).matches() ? argument : quote(argument);
    }

    /** The arguments as words separated by spaces. */
    public static String quote(List<String> arguments) {
        return arguments.stream().map(ShellQuote::quote).collect(Collectors.joining(" "));
    }
}
