package dev.agentcoord.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code agentcoord bench}: what is promised of speed, each beside a floor or a peer measured in the same rounds. */
@Command(
        name = "agentcoord bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measures how fast agentcoord is, beside floors and peers in the same rounds.",
        footer =
                "Exit code: 0 if all was measured, whether or not goals are met; 1 if something could not be; 2 for a wrong option.")
final class Bench implements Callable<Integer> {
    /** Tasks in the long queue of P7. */
    private static final int DEPTH = 100_000;

    private static final int QUICK_DEPTH = 10_000;

    @Parameters(paramLabel = "P1…", description = "goals to measure, of ${COMPLETION-CANDIDATES} (default: all)")
    private List<Measure> ids = new ArrayList<>(List.of(Measure.values()));

    @Option(names = "--quick", description = "fewer and shorter rounds, about three minutes in all")
    private boolean quick;

    @Option(names = "--rounds", description = "how often each contender is measured (default: 15, or 7 if quick)")
    private @Nullable Integer rounds;

    @Option(names = "--directory", description = "on the file system to measure (default: that for temporary files)")
    private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

    @Option(names = "--json", description = "print one JSON object")
    private boolean json;

    private final Measuring measuring;

    /** What can be measured. */
    enum Measure {
        /** One client, one path. */
        P1,
        /** One client in harder conditions. */
        P2,
        /** Many clients that want one path. */
        P3,
        /** One client on ZooKeeper. */
        P4,
        /** Many clients that want one path on ZooKeeper. */
        P5,
        /** Tasks through a queue. */
        P6,
        /** Tasks through a queue on ZooKeeper. */
        P7,
        /** Compare-and-set of shared state. */
        P8,
        /** Holders that die. */
        P12
    }

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Bench());
    }

    Bench() {
        this.measuring = this::measure;
    }

    /** One that measures something else. */
    Bench(Measuring measuring) {
        this.measuring = measuring;
    }

    /** Measures one goal. */
    @FunctionalInterface
    interface Measuring {
        List<Row> rows(Measure id, Ground ground, Peers peers) throws IOException, InterruptedException;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Row> rows = new ArrayList<>();
        boolean complete = true;
        try (Ground ground = new Ground(directory);
                Peers peers = new Peers(ground)) {
            for (Measure id : new LinkedHashSet<>(ids)) {
                System.err.println("bench: measuring " + id);
                try {
                    rows.addAll(measuring.rows(id, ground, peers));
                } catch (IOException | RuntimeException e) {
                    complete = false;
                    System.err.println("bench: " + id + " failed: " + reason(e));
                }
            }
        } finally {
            // Whatever went wrong: many minutes may be in them.
            print(rows);
        }
        return complete ? 0 : 1;
    }

    /** All causes, in one line. */
    private static String reason(Throwable failure) {
        StringBuilder line = new StringBuilder(failure.toString());
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (line.indexOf(cause.toString()) < 0) {
                line.append(", because of ").append(cause);
            }
        }
        return line.toString().replaceAll("\\s*\\R\\s*", " | ");
    }

    private List<Row> measure(Measure id, Ground ground, Peers peers) throws IOException, InterruptedException {
        Pace pace = quick ? Pace.quick() : Pace.thorough();
        pace = rounds == null ? pace : pace.rounds(rounds);
        return switch (id) {
            case P1 -> new OneClient(ground, peers, pace).p1();
            case P2 -> new OneClient(ground, peers, pace).p2();
            case P3 -> new HandOffs(ground, peers, pace).p3();
            case P4 -> new ZkLocks(peers, pace).p4();
            case P5 -> new ZkHandOffs(peers, pace).p5();
            case P6 -> new QueueRates(ground, peers, pace).p6();
            case P7 -> new ZkQueueRates(peers, pace, quick ? QUICK_DEPTH : DEPTH).p7();
            case P8 -> new StateRates(ground, peers, pace).p8();
            case P12 -> new DeadHolders(ground, peers, pace).p12();
        };
    }

    private void print(List<Row> rows) throws IOException {
        if (json) {
            Map<String, List<Row>> object = new LinkedHashMap<>();
            object.put("rows", rows);
            System.out.println(new ObjectMapper().writeValueAsString(object));
            return;
        }
        for (Row row : rows) {
            System.out.printf(
                    Locale.ROOT,
                    "%-4s %-62s %9s %-10s %7s  %-32s %-7s %s%n",
                    row.id(),
                    row.what(),
                    figure(row.value()),
                    row.unit(),
                    figure(row.ratio()),
                    row.goal(),
                    row.met(),
                    row.against());
        }
    }

    private static String figure(@Nullable Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, "%.3g", value);
    }
}
