package dev.agentcoord.runner.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Words that are no port, made from good ones by mistakes that people and programs make. */
final class BadPorts {
    private static final String HOSTILE = "\u001b[\u202e;|&$`'\"\\*?~ éX_.:/%";

    private BadPorts() {}

    static List<String> of(int count, long seed) {
        Random random = new Random(seed);
        List<String> words = new ArrayList<>();
        while (words.size() < count) {
            words.add(one(random));
        }
        return words;
    }

    private static String one(Random random) {
        int port = 1 + random.nextInt(65_535);
        return switch (random.nextInt(12)) {
            case 0 -> "web=0";
            case 1 -> "web=" + (65_536 + random.nextInt(30_000));
            case 2 -> "web=" + (port + 1) + "-" + port;
            case 3 -> "web=" + port + "-";
            case 4 -> "web=-" + port;
            case 5 -> "web=" + port + "-" + port + "-" + port;
            case 6 -> "web=" + port + "000000";
            case 7 -> "=" + port;
            case 8 -> "web=" + HOSTILE.charAt(random.nextInt(HOSTILE.length())) + port;
            case 9 -> "w" + HOSTILE.charAt(random.nextInt(HOSTILE.length())) + "b";
            case 10 -> "w".repeat(49 + random.nextInt(1_000)) + "=" + port;
            default -> "web=1-" + (4_097 + random.nextInt(60_000));
        };
    }
}
