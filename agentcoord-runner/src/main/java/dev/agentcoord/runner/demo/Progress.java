package dev.agentcoord.runner.demo;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Tells people on standard error what goes on. As thread-safe as what it writes to. */
final class Progress {
    private static final int EVERY_SECONDS = 2;

    private final Consumer<String> lines;

    Progress(Consumer<String> lines) {
        this.lines = lines;
    }

    /** Something that may take its time. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException, InterruptedException;
    }

    /** Does it, and says every two seconds that it goes on. */
    <T> T during(String what, Work<T> work) throws IOException, InterruptedException {
        Thread ticker = new Thread(() -> tick(what), "progress");
        ticker.setDaemon(true);
        ticker.start();
        try {
            return work.run();
        } finally {
            ticker.interrupt();
        }
    }

    private void tick(String what) {
        try {
            for (int seconds = EVERY_SECONDS; ; seconds += EVERY_SECONDS) {
                TimeUnit.SECONDS.sleep(EVERY_SECONDS);
                say(String.format("  %2d s: %s", seconds, what));
            }
        } catch (InterruptedException e) {
            // It is done.
        }
    }

    void say(String line) {
        lines.accept("demo: " + line);
    }
}
