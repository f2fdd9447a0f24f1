package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.FencingToken;
import dev.agentcoord.testkit.Campaign;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many processes that all try for one path at the same time, round after round. */
final class RaceIT {
    /** Nanoseconds in which all have heard when to start. */
    private static final long LEAD = 1_000_000;

    private static final long LEAD_EACH = 30_000;

    @TempDir
    private Path dir;

    private final List<FencingToken> winners = new ArrayList<>();
    private long met;
    private int lonely;

    @Test
    void ofAllWhoRaceForOnePathExactlyOneWinsEachRoundWithALargerTokenThanTheLast() throws IOException {
        int processes = Campaign.size(6, 64);
        int rounds = Campaign.size(200, 10_000);
        Random random = new Random(Campaign.seed());
        try (Children racers = Children.start(processes, i -> Child.start(Racer.class, dir, "racer-" + i))) {
            List<Child> order = new ArrayList<>(racers.all());
            for (int round = 0; round < rounds; round++) {
                Collections.shuffle(order, random);
                race(order);
            }
        }
        assertThat(winners).hasSize(rounds);
        for (int round = 1; round < rounds; round++) {
            assertThat(winners.get(round)).isGreaterThan(winners.get(round - 1));
        }
        Campaign.report(
                "race",
                processes + " processes, " + rounds + " rounds, each one winner; per round " + met / rounds
                        + " others tried at the same moment as it, in " + lonely + " rounds nobody");
    }

    private void race(List<Child> racers) throws IOException {
        long moment = System.nanoTime() + LEAD + racers.size() * LEAD_EACH;
        for (Child racer : racers) {
            racer.send("go " + moment);
        }
        List<Child> won = new ArrayList<>();
        List<String[]> answers = new ArrayList<>();
        for (Child racer : racers) {
            String[] answer = racer.receive().split(" ", -1);
            answers.add(answer);
            if (!answer[0].equals("-")) {
                won.add(racer);
                winners.add(FencingToken.parse(answer[0]));
            }
        }
        assertThat(won).as("winners of round " + winners.size()).hasSize(1);
        count(answers);
        assertThat(won.get(0).ask("end")).isEqualTo("ended");
    }

    private void count(List<String[]> answers) {
        String[] winner = answers.stream()
                .filter(answer -> !answer[0].equals("-"))
                .findFirst()
                .orElseThrow();
        long others = answers.stream()
                .filter(answer -> answer != winner && from(answer) < to(winner) && from(winner) < to(answer))
                .count();
        met += others;
        lonely += others == 0 ? 1 : 0;
    }

    private static long from(String[] answer) {
        return Long.parseLong(answer[1]);
    }

    private static long to(String[] answer) {
        return Long.parseLong(answer[2]);
    }
}
