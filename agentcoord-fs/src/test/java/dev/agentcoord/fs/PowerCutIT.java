package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.testkit.Campaign;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The power fails at a random moment: what was promised to last is there at the next boot, whole, no position comes twice and nothing is stuck. */
final class PowerCutIT {
    private static final int LEAST = 40;
    private static final int MOST = 1000;
    /** As a disk does that says it has written what it has not. */
    private static final List<String> LYING_DISK = List.of(
            "strace",
            "-D",
            "-f",
            "--quiet=all",
            "-o",
            "/dev/null",
            "-e",
            "trace=fsync,fdatasync",
            "-e",
            "inject=fsync,fdatasync:retval=0");

    @TempDir
    private Path dir;

    private final Random random = new Random(Campaign.seed());

    @BeforeEach
    void needs() {
        CutDisk.require();
        Strace.require();
    }

    /** What was said before the cut, and what became of it. */
    private record Cut(int said, List<String> lost, List<String> torn) {}

    @Test
    void nothingPromisedIsLostOnExt4() throws Exception {
        nothingPromisedIsLostAndNothingTornIsRead("ext4");
    }

    @Test
    void nothingPromisedIsLostOnXfs() throws Exception {
        nothingPromisedIsLostAndNothingTornIsRead("xfs");
    }

    @Test
    void nothingPromisedIsLostOnBtrfs() throws Exception {
        nothingPromisedIsLostAndNothingTornIsRead("btrfs");
    }

    private void nothingPromisedIsLostAndNothingTornIsRead(String kind) throws Exception {
        int cuts = Campaign.size(1, 40);
        int said = 0;
        try (CutDisk disk = CutDisk.make(dir, kind)) {
            for (int i = 0; i < cuts; i++) {
                Cut cut = cut(disk, disk.insert().resolve("store"), List.of());
                assertThat(cut.lost).as("lost at cut %d", i).isEmpty();
                assertThat(cut.torn).as("torn at cut %d", i).isEmpty();
                said += cut.said;
            }
        }
        Campaign.report("power cut on " + kind, cuts + " cuts, " + said + " promises, 0 lost, 0 torn");
    }

    @Test
    void onADiskThatLiesThereAreLosses() throws Exception {
        try (CutDisk disk = CutDisk.make(dir, "ext4")) {
            Path store = disk.insert().resolve("store");
            // Of a store that was itself made on a disk that lies there may be nothing left that could be opened.
            try (Child maker = start(List.of(), store)) {
                maker.awaitReady();
                maker.killNow();
            }
            Cut cut = cut(disk, store, LYING_DISK);
            assertThat(cut.lost).isNotEmpty();
            Campaign.report(
                    "power cut on a lying disk",
                    cut.said + " promises, " + cut.lost.size() + " lost, " + cut.torn.size() + " torn");
        }
    }

    private Cut cut(CutDisk disk, Path store, List<String> before) throws Exception {
        List<String> said = new ArrayList<>();
        try (Child writer = start(before, store)) {
            writer.awaitReady();
            CompletableFuture<Void> heard = CompletableFuture.runAsync(() -> hear(writer, said));
            int enough = LEAST + random.nextInt(MOST - LEAST);
            Awaitility.await()
                    .atMost(Duration.ofMinutes(3))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> count(said) >= enough);
            int promised = count(said);
            disk.cut();
            writer.killNow();
            heard.join();
            said.subList(promised, said.size()).clear();
        }
        Awaitility.await().ignoreExceptions().atMost(Duration.ofMinutes(1)).until(() -> {
            disk.eject();
            return true;
        });
        return compare(disk, store, said);
    }

    private static Child start(List<String> before, Path store) throws IOException {
        return Child.start(before, CutWriter.class, store);
    }

    private static void hear(Child writer, List<String> said) {
        try {
            while (true) {
                String line = writer.receive();
                synchronized (said) {
                    said.add(line);
                }
            }
        } catch (IOException e) {
            // It was killed.
        }
    }

    private static int count(List<String> said) {
        synchronized (said) {
            return said.size();
        }
    }

    private Cut compare(CutDisk disk, Path store, List<String> said) throws IOException {
        Path boot = Files.writeString(dir.resolve("boot"), UUID.randomUUID() + "\n");
        Cut cut = new Cut(said.size(), new ArrayList<>(), new ArrayList<>());
        try (Child reader = Child.start(disk.afterwards(boot), CutReader.class, store)) {
            reader.awaitReady();
            List<String> questions = new ArrayList<>(latest(said));
            CutTasks.ALL.forEach(queue -> questions.add("drain " + queue));
            for (String line : questions) {
                String verdict = reader.ask(line);
                if (verdict.startsWith("lost")) {
                    cut.lost.add(line + ": " + verdict);
                } else if (!verdict.equals("ok")) {
                    cut.torn.add(line + ": " + verdict);
                }
            }
        }
        return cut;
    }

    /** Of each key the last write, of the positions the greatest. */
    private static List<String> latest(List<String> said) {
        Map<String, String> last = new LinkedHashMap<>();
        for (String line : said) {
            String[] words = line.split(" ", -1);
            last.put(words[0].equals("granted") ? words[0] : words[0] + words[1], line);
        }
        return List.copyOf(last.values());
    }
}
