package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** Processes to be killed by all tests of a class, a few of them started before they are needed. Not thread-safe. */
final class VictimsAhead implements AutoCloseable {
    private static final Path ANYWHERE = Path.of(System.getProperty("java.io.tmpdir"));

    private final int startedAhead;
    private final Deque<VictimProcess> ahead = new ArrayDeque<>();

    /** Keeps so many started, from the first that is asked for. */
    VictimsAhead(int startedAhead) {
        this.startedAhead = startedAhead;
    }

    /** A fresh one for the stores in that directory, which is the caller's to close. */
    VictimProcess next(Path dir) throws IOException {
        while (ahead.size() <= startedAhead) {
            ahead.add(new VictimProcess(ANYWHERE));
        }
        VictimProcess next = ahead.remove();
        assertThat(next.ask("in " + dir)).isEqualTo("done");
        return next;
    }

    @Override
    public void close() {
        ahead.forEach(VictimProcess::close);
    }
}
