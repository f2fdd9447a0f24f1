package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.testkit.Campaign;
import dev.agentcoord.testkit.OsUsers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each call on files fails while a store is made or opened: the answer is a typed error or none, and the next attempt succeeds. */
final class FailingOpenIT {
    /** Two descriptors are read from, one is written to. */
    private static final int OPENED_AT_ONCE = 3;

    private static final String TEMPLATE = "template";
    private static final int SAMPLE = 10;
    private static final int PER_VICTIM = 50;

    @TempDir
    private Path dir;

    private VictimProcess victim;
    private int stores;

    @BeforeAll
    static void needsStrace() {
        Strace.require();
    }

    @BeforeEach
    void begin() throws IOException {
        victim = new VictimProcess(dir);
        assertThat(victim.ask("open " + TEMPLATE)).isEqualTo("done");
    }

    @AfterEach
    void end() {
        victim.close();
    }

    @Test
    void whileMakingAStore() throws Exception {
        failEverywhere(false);
    }

    @Test
    void whileOpeningAStore() throws Exception {
        failEverywhere(true);
    }

    private void failEverywhere(boolean exists) throws Exception {
        List<String> wrong = new ArrayList<>();
        int shots = 0;
        for (Fault fault : Sample.of(faults(exists), SAMPLE)) {
            String store = store(exists);
            String answer;
            try (Strace strace = fault.on(victim.thread(), dir.resolve("trace"))) {
                answer = String.valueOf(victim.ask("open " + store));
                strace.letGo();
                shots += strace.spoiled().isEmpty() ? 0 : 1;
            }
            if (fault.isWrong(answer)) {
                wrong.add(fault + ": " + answer);
            }
            assertThat(victim.ask("open " + store))
                    .as("after %s: %s", fault, answer)
                    .isEqualTo("done");
            if (answer.startsWith("refused")) {
                assertThat(Survivors.names(dir.resolve(store)))
                        .as("after %s: %s", fault, answer)
                        .containsExactlyInAnyOrderElementsOf(Survivors.names(dir.resolve(TEMPLATE)));
            }
            assertThat(openOrderFiles(store)).as("after %s: %s", fault, answer).isEqualTo(OPENED_AT_ONCE);
        }
        Campaign.report("failing calls", shots + " faults in " + (exists ? "opening" : "making") + " a store");
        assertThat(wrong).isEmpty();
    }

    private List<Fault> faults(boolean exists) throws Exception {
        String store = store(exists);
        try (Strace strace = Strace.recording(victim.thread(), dir.resolve("trace"))) {
            assertThat(victim.ask("open " + store)).isEqualTo("done");
            strace.letGo();
            return Fault.all(strace.counts());
        }
    }

    /** The name of a store that is not open yet. A victim that has opened very many makes room for another one. */
    private String store(boolean exists) throws Exception {
        if (++stores % PER_VICTIM == 0) {
            victim.close();
            victim = new VictimProcess(dir);
        }
        String name = "store-" + stores;
        if (exists) {
            OsUsers.must(
                    "cp",
                    "-a",
                    dir.resolve(TEMPLATE).toString(),
                    dir.resolve(name).toString());
        }
        return name;
    }

    /** A second one, once collected, would take the kernel lock of the first with it. */
    private int openOrderFiles(String store) throws IOException {
        Path order = dir.resolve(store).resolve("web/order");
        int count = 0;
        try (Stream<Path> open = Files.list(Path.of("/proc/" + victim.thread() + "/fd"))) {
            for (Path fd : open.toList()) {
                boolean there = Files.exists(fd, LinkOption.NOFOLLOW_LINKS);
                count += there && Files.readSymbolicLink(fd).equals(order) ? 1 : 0;
            }
        }
        return count;
    }
}
