package dev.agentcoord.runner.demo;

import java.util.function.Consumer;

/** Tells people on standard error what goes on. As thread-safe as what it writes to. */
final class Progress {
    private final Consumer<String> lines;

    Progress(Consumer<String> lines) {
        this.lines = lines;
    }

    void say(String line) {
        lines.accept("demo: " + line);
    }
}
