package dev.agentcoord.ensemble;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What servers to start. Immutable.
 *
 * @param servers how many; one stands alone, three or five elect a leader
 * @param tick the servers' unit of time: they keep silent sessions for 2 to 20 of it
 * @param lines more lines of {@code zoo.cfg}
 * @param jvm more options of the servers' JVMs
 * @param places where they run, one for each; empty for free ports on loopback
 */
public record EnsembleSpec(int servers, Duration tick, List<String> lines, List<String> jvm, List<Place> places) {
    private static final Duration TICK = Duration.ofMillis(500);

    /** Copies the lists. */
    public EnsembleSpec {
        lines = List.copyOf(lines);
        jvm = List.copyOf(jvm);
        places = List.copyOf(places);
    }

    /** So many servers with a tick of 500 ms, which keep sessions for 1 to 10 s. */
    public static EnsembleSpec of(int servers) {
        return new EnsembleSpec(servers, TICK, List.of(), List.of(), List.of());
    }

    /** With another tick. */
    public EnsembleSpec tick(Duration wanted) {
        return new EnsembleSpec(servers, wanted, lines, jvm, places);
    }

    /** With one more line of configuration, such as {@code maxClientCnxns=5}. */
    public EnsembleSpec line(String line) {
        List<String> more = new ArrayList<>(lines);
        more.add(line);
        return new EnsembleSpec(servers, tick, more, jvm, places);
    }

    /** With one more option of the servers' JVMs, such as {@code -Dreadonlymode.enabled=true}. */
    public EnsembleSpec jvm(String option) {
        List<String> more = new ArrayList<>(jvm);
        more.add(option);
        return new EnsembleSpec(servers, tick, lines, more, places);
    }

    /** With servers that do not wait for the disk: faster, and what they answered survives a kill of them, but no power cut. */
    public EnsembleSpec unsynced() {
        return jvm("-Dzookeeper.forceSync=no");
    }

    /** With servers that run elsewhere, each on the usual ports of a place of its own. */
    public EnsembleSpec at(List<Place> wanted) {
        return new EnsembleSpec(wanted.size(), tick, lines, jvm, wanted);
    }
}
