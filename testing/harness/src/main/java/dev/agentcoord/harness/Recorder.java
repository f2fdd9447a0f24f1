package dev.agentcoord.harness;

import dev.agentcoord.FencingToken;
import dev.agentcoord.harness.history.Call.Outcome;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * An agent's own account, one line for the beginning and one for the end of each call, each line one write: what is written survives
 * the agent's death. {@link HistoryReader} reads it. Not thread-safe.
 */
final class Recorder implements AutoCloseable {
    private final OutputStream out;

    Recorder(Path file) {
        try {
            out = new FileOutputStream(file.toFile(), true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A lock request begins. */
    void asks(int attempt, int request) {
        write("a " + attempt + ' ' + System.nanoTime() + ' ' + request + '\n');
    }

    /** The request was granted. */
    void isGranted(int attempt, long at, FencingToken token) {
        write("A " + attempt + ' ' + at + ' ' + Outcome.OK + ' ' + token + '\n');
    }

    /** The request ended without a grant; {@code why} is one word. */
    void isNotGranted(int attempt, Outcome outcome, String why) {
        write("A " + attempt + ' ' + System.nanoTime() + ' ' + outcome + ' ' + why + '\n');
    }

    /** A check or a release of the grant begins. */
    void begins(Step step, int attempt) {
        write(step.begin + attempt + ' ' + System.nanoTime() + '\n');
    }

    /** The check or release ended; {@code why} is one word. */
    void ended(Step step, int attempt, Outcome outcome, String why) {
        write(step.end + attempt + ' ' + System.nanoTime() + ' ' + outcome + ' ' + why + '\n');
    }

    private void write(String line) {
        try {
            out.write(line.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is done with a grant. */
    enum Step {
        /** Asks whether it is still held. */
        CHECK("c ", "C "),
        /** Gives it up. */
        RELEASE("r ", "R ");

        private final String begin;
        private final String end;

        Step(String begin, String end) {
            this.begin = begin;
            this.end = end;
        }
    }
}
