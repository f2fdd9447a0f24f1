package dev.agentcoord.fs;

import static dev.agentcoord.Item.name;
import static dev.agentcoord.LockRequest.exclusive;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Locks;
import dev.agentcoord.Participant;
import dev.agentcoord.Wait;
import dev.agentcoord.testkit.Requirement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** git refuses whoever finds its index locked; agents that share a tree and take the index first never do. */
final class GitIndexIT {
    private static final int AGENTS = 4;
    private static final int COMMITS = 6;
    private static final LockRequest INDEX = exclusive(name("git:index"));

    @TempDir
    private Path dir;

    private Path tree;

    @BeforeEach
    void makeRepository() throws IOException, InterruptedException {
        Requirement.command("git", "apt-get install git");
        tree = Files.createDirectory(dir.resolve("tree"));
        assertThat(git("init", "--quiet")).isEmpty();
    }

    @Test
    void agentsThatTakeTheIndexBeforeTheyCommitNeverMeetGitsOwnLock() throws IOException {
        ExecutorService threads = Executors.newFixedThreadPool(AGENTS);
        try (Coordinator coordinator = FsCoordinator.open(dir.resolve("store"), "web")) {
            List<CompletableFuture<Void>> agents = new ArrayList<>();
            for (int i = 0; i < AGENTS; i++) {
                Locks locks = coordinator.join(Participant.named("agent-" + i)).locks();
                String file = "file-" + i;
                agents.add(CompletableFuture.runAsync(() -> commitAgainAndAgain(locks, file), threads));
            }
            agents.forEach(CompletableFuture::join);
        } finally {
            threads.shutdownNow();
        }
        assertThat(git("rev-list", "--count", "HEAD")).isEqualTo(Integer.toString(AGENTS * COMMITS));
        assertThat(git("status", "--porcelain")).isEmpty();
    }

    private void commitAgainAndAgain(Locks locks, String file) {
        try {
            for (int i = 0; i < COMMITS; i++) {
                Files.writeString(tree.resolve(file), file + " for the " + i + ". time");
                try (Grant grant = locks.acquire(INDEX, Wait.forever())) {
                    grant.check();
                    git("add", file);
                    git("commit", "--quiet", "--message", file + " " + i);
                }
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(file, e);
        }
    }

    /** What it says; fails when it does. */
    private String git(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of("git", "-c", "user.name=agent", "-c", "user.email=agent@localhost", "-c", "gc.auto=0"));
        command.addAll(List.of(arguments));
        Process git = new ProcessBuilder(command)
                .directory(tree.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(git.onExit().join().exitValue()).as(said).isZero();
        return said;
    }
}
