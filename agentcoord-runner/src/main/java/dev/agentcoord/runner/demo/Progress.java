package dev.agentcoord.runner.demo;

import java.io.PrintStream;

/** Tells people on standard error what goes on. Thread-safe. */
final class Progress {
    private final PrintStream stream;

    Progress(PrintStream stream) {
        this.stream = stream;
    }

    void say(String line) {
        stream.println("demo: " + line);
    }
}
