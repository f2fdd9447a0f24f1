package dev.agentcoord.runner.cli;

import dev.agentcoord.runner.control.Reply;
import dev.agentcoord.runner.text.Sanitizer;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Writes to this process's own standard output and error, in UTF-8. */
final class Console implements Reply {
    private final PrintStream out = stream(FileDescriptor.out);
    private final PrintStream err = stream(FileDescriptor.err);

    @Override
    public void out(String line) {
        out.println(Sanitizer.line(line));
    }

    @Override
    public void err(String line) {
        out.flush();
        err.println(Sanitizer.line(line));
        err.flush();
    }

    @Override
    public void raw(byte[] bytes) {
        out.write(bytes, 0, bytes.length);
    }

    @Override
    public void flush() {
        out.flush();
    }

    /** Whether something could not be written, as on a full disk. */
    boolean hasFailed() {
        return out.checkError();
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(
                new BufferedOutputStream(new FileOutputStream(descriptor)), false, StandardCharsets.UTF_8);
    }
}
