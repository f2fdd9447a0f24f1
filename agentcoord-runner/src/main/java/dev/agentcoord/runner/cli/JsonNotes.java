package dev.agentcoord.runner.cli;

import dev.agentcoord.runner.control.Reply;
import dev.agentcoord.runner.text.Json;
import java.util.Map;

/** Where a command writes that was asked for JSON: each line on standard error is an object too. */
record JsonNotes(Reply next) implements Reply {
    /** Whether that word of a command asks for JSON, in whatever way a switch may be written. */
    static boolean isAskedBy(String word) {
        return word.equals("--json") || (word.startsWith("--json=") && !word.equalsIgnoreCase("--json=false"));
    }

    @Override
    public void out(String line) {
        next.out(line);
    }

    /** A line that is an object already came from another process of agentcoord. */
    @Override
    public void err(String line) {
        next.err(line.startsWith("{\"") ? line : Json.write(Map.of("note", line)));
    }

    @Override
    public void raw(byte[] bytes) {
        next.raw(bytes);
    }

    @Override
    public void flush() {
        next.flush();
    }
}
