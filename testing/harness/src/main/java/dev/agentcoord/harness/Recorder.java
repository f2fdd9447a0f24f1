package dev.agentcoord.harness;

import dev.agentcoord.CoordinationException;
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
    private int calls;

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

    /** The grant was certain at {@code at}, by a check that is not counted among the calls. */
    void holds(int attempt, long at) {
        write("h " + attempt + ' ' + at + '\n');
    }

    /** A check or a release of the grant begins. */
    void begins(Step step, int attempt) {
        write(step.begin + attempt + ' ' + System.nanoTime() + '\n');
    }

    /** The check or release ended; {@code why} is one word. */
    void ended(Step step, int attempt, Outcome outcome, String why) {
        write(step.end + attempt + ' ' + System.nanoTime() + ' ' + outcome + ' ' + why + '\n');
    }

    /**
     * A call on a queue or on the state begins.
     *
     * @return its number, by which its end is told
     */
    int begins(Kind kind, String what) {
        write("" + kind.begin + ++calls + ' ' + System.nanoTime() + ' ' + what + '\n');
        return calls;
    }

    /** The call ended, at {@code at}; {@code result} is what it returned, or one word that says why not. */
    void ended(Kind kind, int number, long at, Outcome outcome, String result) {
        write("" + kind.end + number + ' ' + at + ' ' + outcome + ' ' + result + '\n');
    }

    /** The call ended with an exception, now. */
    void failed(Kind kind, int number, CoordinationException e) {
        ended(kind, number, System.nanoTime(), Outcomes.of(e), e.getClass().getSimpleName());
    }

    /** The number that the next call will have. */
    int nextNumber() {
        return calls + 1;
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

    /** What a call is about. */
    enum Kind {
        /** A queue. */
        QUEUE("q ", "Q "),
        /** The shared state. */
        STATE("s ", "S "),
        /** The session: its end. */
        SESSION("x ", "X ");

        private final String begin;
        private final String end;

        Kind(String begin, String end) {
            this.begin = begin;
            this.end = end;
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
