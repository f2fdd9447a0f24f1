package dev.agentcoord.runner.cli;

import dev.agentcoord.runner.control.Cancellation;
import dev.agentcoord.runner.control.Reply;
import dev.agentcoord.runner.control.Request;
import dev.agentcoord.runner.control.RequestHandler;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** What a command answered. */
final class Captured implements Reply {
    private final StringBuilder out = new StringBuilder();
    private final StringBuilder err = new StringBuilder();
    private int code = -1;

    /** Runs a command and takes down what it answers. */
    static Captured of(RequestHandler handler, Path directory, List<String> words) {
        Captured captured = new Captured();
        Request request = new Request(directory, Set.of(), words, InputStream.nullInputStream());
        captured.ended(handler.handle(request, captured, new Cancellation()));
        return captured;
    }

    void ended(int exitCode) {
        code = exitCode;
    }

    int code() {
        return code;
    }

    String out() {
        return out.toString();
    }

    String err() {
        return err.toString();
    }

    @Override
    public void out(String line) {
        out.append(line).append('\n');
    }

    @Override
    public void err(String line) {
        err.append(line).append('\n');
    }

    @Override
    public void raw(byte[] bytes) {
        out.append(new String(bytes, StandardCharsets.UTF_8));
    }

    @Override
    public void flush() {
        // Everything is kept.
    }
}
