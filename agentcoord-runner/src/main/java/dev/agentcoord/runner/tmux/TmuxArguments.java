package dev.agentcoord.runner.tmux;

import java.util.ArrayList;
import java.util.List;

/**
 * Builds the argument list of one tmux call. tmux reads an argument that ends in {@code ;} as the end of a command, even a separate
 * one; such arguments are escaped, so that each arrives as it is. What tmux expands as a format must never hold foreign text.
 */
final class TmuxArguments {
    private final List<String> arguments = new ArrayList<>();

    private TmuxArguments() {}

    /** A command with its arguments. */
    static TmuxArguments command(String... words) {
        return new TmuxArguments().add(words);
    }

    /** The same call goes on with another command. */
    TmuxArguments then(String... words) {
        arguments.add(";");
        return add(words);
    }

    /** All of it, immutable. */
    List<String> list() {
        return List.copyOf(arguments);
    }

    private TmuxArguments add(String... words) {
        for (String word : words) {
            arguments.add(escape(word));
        }
        return this;
    }

    private static String escape(String word) {
        return word.endsWith(";") ? word.substring(0, word.length() - 1) + "\\;" : word;
    }
}
