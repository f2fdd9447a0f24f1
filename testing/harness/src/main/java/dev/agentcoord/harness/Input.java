package dev.agentcoord.harness;

import java.io.IOException;
import java.io.InputStream;

/** The standard input of an agent: one byte starts it, the end stops it. Thread-safe. */
final class Input {
    private volatile boolean ended;

    private Input() {}

    /** Waits for the first byte, or for the end. */
    static Input awaitStart(InputStream in) throws IOException {
        Input input = new Input();
        input.ended = in.read() < 0;
        Thread reader = new Thread(() -> input.readToEnd(in), "input");
        reader.setDaemon(true);
        reader.start();
        return input;
    }

    /** Whether the agent is to end. */
    boolean hasEnded() {
        return ended;
    }

    private void readToEnd(InputStream in) {
        try {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException e) {
            // A broken input is an ended one.
        }
        ended = true;
    }
}
