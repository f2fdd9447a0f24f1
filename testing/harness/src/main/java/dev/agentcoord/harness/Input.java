package dev.agentcoord.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;

/** The standard input of an agent: the first byte starts it, the end stops it. Thread-safe. */
final class Input {
    private final CountDownLatch begun = new CountDownLatch(1);
    private volatile boolean ended;

    private Input() {}

    /** Begins to read. */
    static Input of(InputStream in) {
        Input input = new Input();
        Thread reader = new Thread(() -> input.readToEnd(in), "input");
        reader.setDaemon(true);
        reader.start();
        return input;
    }

    /** Waits for the first byte, or for the end. */
    void awaitStart() throws InterruptedException {
        begun.await();
    }

    /** Whether the agent is to end. */
    boolean hasEnded() {
        return ended;
    }

    private void readToEnd(InputStream in) {
        try {
            int first = in.read();
            if (first >= 0) {
                begun.countDown();
                in.transferTo(OutputStream.nullOutputStream());
            }
        } catch (IOException e) {
            // A broken input is an ended one.
        }
        ended = true;
        begun.countDown();
    }
}
