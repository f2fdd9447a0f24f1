package dev.agentcoord.runner.control;

import dev.agentcoord.runner.text.Sanitizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Builds response frames. Output lines are held back until something else follows, so that many of them become one raw frame. */
final class Frames {
    /** Above this many bytes of output lines one raw frame is cheaper for the client than a frame a line. */
    static final int RAW_THRESHOLD = 4 * 1024;

    private final ByteArrayOutputStream frames = new ByteArrayOutputStream();
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();

    void out(String line) {
        lines.writeBytes(utf8(Sanitizer.line(line) + "\n"));
    }

    void err(String line) {
        endLines();
        frames.writeBytes(utf8("E " + Sanitizer.line(line) + "\n"));
    }

    void raw(byte[] bytes) {
        endLines();
        if (bytes.length > 0) {
            frames.writeBytes(utf8("R " + bytes.length + "\n"));
            frames.writeBytes(bytes);
        }
    }

    void keepAlive() {
        frames.writeBytes(utf8(".\n"));
    }

    void exit(int code) {
        endLines();
        frames.writeBytes(utf8("X " + code + "\n"));
    }

    /** What was built so far, which is then forgotten. */
    byte[] take() {
        endLines();
        byte[] bytes = frames.toByteArray();
        frames.reset();
        return bytes;
    }

    private void endLines() {
        byte[] bytes = lines.toByteArray();
        lines.reset();
        if (bytes.length > RAW_THRESHOLD) {
            raw(bytes);
        } else if (bytes.length > 0) {
            new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .forEach(line -> frames.writeBytes(utf8("O " + line + "\n")));
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
