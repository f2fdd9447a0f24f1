package dev.agentcoord.ensemble;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Servers for trying things out: {@code ensemble [SERVERS] [--everywhere]}. Says {@code ready CONNECT-STRING}, then does what standard
 * input says, one word a line: {@code kill-leader}, {@code restart}. Ends, servers and data with it, when that ends.
 */
public final class Main {
    private static final String USAGE = "usage: agentcoord ensemble [SERVERS] [--everywhere]";

    private Main() {}

    /** Runs until standard input ends; {@code --everywhere} lets clients connect through any address instead of loopback alone. */
    public static void main(String[] arguments) throws IOException {
        List<String> words = List.of(arguments);
        if (words.contains("--help")) {
            System.out.println(USAGE);
            return;
        }
        boolean everywhere = words.contains("--everywhere");
        List<String> rest =
                words.stream().filter(word -> !word.equals("--everywhere")).toList();
        if (rest.size() > 1 || !rest.stream().allMatch(word -> word.matches("[1-9]"))) {
            System.err.println(USAGE);
            System.exit(2);
        }
        EnsembleSpec spec = EnsembleSpec.of(rest.isEmpty() ? 3 : Integer.parseInt(rest.get(0)));
        Ensemble ensemble = Ensemble.start(everywhere ? spec.line("clientPortAddress=0.0.0.0") : spec);
        System.out.println("ready " + ensemble.connect());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(obey(ensemble, line.strip()));
        }
    }

    private static String obey(Ensemble ensemble, String order) {
        return switch (order) {
            case "kill-leader" -> {
                EnsembleServer leader = ensemble.leader();
                leader.kill();
                long killed = System.nanoTime();
                String next = ensemble.leader().connect();
                Duration took = Duration.ofNanos(System.nanoTime() - killed);
                yield String.format(
                        Locale.ROOT, "killed %s, %s leads after %.1f s", leader.connect(), next, took.toMillis() / 1e3);
            }
            case "restart" -> {
                ensemble.restartAll();
                yield "all serve";
            }
            default -> "unknown order '" + order + "'; write kill-leader or restart";
        };
    }
}
