package dev.agentcoord.runner.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessTreeIT {
    private static final String MARK = "AGENTCOORD_TEST_TREE";

    @TempDir
    private Path directory = Path.of("");

    @Test
    void a_child_without_a_mark_is_ended_though_its_parent_obeys_first() throws IOException, InterruptedException {
        String mark = UUID.randomUUID().toString();
        ProcessBuilder parent = new ProcessBuilder(
                        "sh", "-c", "env -i sh -c 'trap \"\" TERM; echo $$ >child; while :; do sleep 0.1; done' & wait")
                .directory(directory.toFile());
        parent.environment().put(MARK, mark);
        parent.start();
        Path child = directory.resolve("child");
        await().until(() -> Files.exists(child) && Files.readString(child).endsWith("\n"));
        long pid = Long.parseLong(Files.readString(child).strip());

        assertThat(ProcessTree.marked(MARK, mark).end(Duration.ofMillis(200))).isEmpty();

        assertThat(Proc.find(pid).filter(entry -> !entry.isZombie())).isEmpty();
    }
}
