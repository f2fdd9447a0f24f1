package dev.agentcoord.fs;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.Item.glob;
import static dev.agentcoord.Item.name;
import static dev.agentcoord.Item.pool;
import static dev.agentcoord.Item.tree;

import dev.agentcoord.Claim;
import dev.agentcoord.Coordinator;
import dev.agentcoord.LockRequest;
import dev.agentcoord.NewTask;
import dev.agentcoord.Participant;
import dev.agentcoord.ProcessId;
import dev.agentcoord.Retry;
import dev.agentcoord.Session;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.Wait;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes a store with every kind of record, as it stands while its sessions live, into a directory of files that git can keep: the order
 * file as text, a line for each block in use, symbolic links as text as well, and names without their modes. To be run anew only while its format is not released.
 * No name in it ends in {@code ~}: the build would take that for an editor's leftover.
 */
final class GoldenStore {
    static final String SPACE = "golden";
    /** A line for each symbolic link: where it is, and what it says. */
    static final String LINKS = "links.txt";

    private static final int BLOCK = 512;

    private GoldenStore() {}

    /** Argument: a directory that is not there yet. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path store = Files.createTempDirectory("golden");
        try (Coordinator coordinator = FsCoordinator.open(store, SPACE)) {
            Session alice = coordinator.join(new Participant(
                    "alice",
                    "lead",
                    "dev:1.2",
                    Set.of("java", "review"),
                    Map.of("team", "blue"),
                    List.of(new ProcessId(1, 2))));
            Session bob = coordinator.join(Participant.named("bob"));
            lock(alice, bob);
            enqueue(alice, bob);
            alice.state().put("config/port", "8080".getBytes(StandardCharsets.UTF_8));
            alice.state().put("fence/src%20a", new byte[] {0, 1, 2, -1});
            alice.state().delete("gone", alice.state().put("gone", new byte[0]));
            copy(store, Path.of(args[0]));
        } finally {
            Disk.deleteTree(store.toFile());
        }
    }

    static LockRequest everyKind() {
        return LockRequest.exclusive(file("src/A b.java"), tree("src/gen"))
                .andShared(glob("**/*.{proto,x?}"))
                .andExclusive(name("git:index"))
                .andPermits(pool("build", 2), 1)
                .reason("TASK-42 rename ✓");
    }

    static LockRequest tooLongForAName() {
        LockRequest many = LockRequest.empty().reason("many files");
        for (int i = 0; i < 40; i++) {
            many = many.andExclusive(file("src/main/java/com/example/File" + i + ".java"));
        }
        return many;
    }

    private static void lock(Session alice, Session bob) throws InterruptedException {
        alice.locks().acquire(everyKind(), Wait.none());
        alice.locks().acquire(tooLongForAName(), Wait.none());
        bob.locks().acquire(LockRequest.exclusive(file("stolen")), Wait.none());
        bob.locks().acquire(LockRequest.shared(file("README.md")).reason("read"), Wait.none());
        alice.locks()
                .explain(LockRequest.exclusive(file("stolen")))
                .forEach(held -> alice.locks().steal(held.id(), "it stands still"));
    }

    private static void enqueue(Session alice, Session bob) throws InterruptedException {
        TaskQueue queue = alice.queue("work");
        queue.enqueue(NewTask.of("rename").id(new TaskId("done")).priority(0));
        claim(bob).complete("renamed");
        queue.enqueue(NewTask.of("explode").id(new TaskId("dead")).priority(0));
        claim(bob).fail("it exploded", Retry.never());
        queue.enqueue(NewTask.of("retry").id(new TaskId("retried")).priority(0));
        claim(bob).fail("not yet", Retry.after(Duration.ofDays(40_000)));
        queue.enqueue(NewTask.of("at work").id(new TaskId("claimed")).priority(0));
        claim(bob);
        queue.enqueue(NewTask.of("first of its key")
                .id(new TaskId("first"))
                .priority(7)
                .orderingKey("deploy"));
        queue.enqueue(NewTask.of("second of its key")
                .id(new TaskId("second"))
                .priority(7)
                .orderingKey("deploy"));
        queue.enqueue(NewTask.of("for a reviewer")
                .id(new TaskId("routed"))
                .priority(8)
                .target("carol")
                .requires(Set.of("review"))
                .dedupKey("review/1"));
        queue.enqueue(
                NewTask.of("after the review").id(new TaskId("dependent")).dependsOn(Set.of(new TaskId("routed"))));
        queue.enqueue(NewTask.of("not wanted").id(new TaskId("cancelled")));
        queue.control().cancel(new TaskId("cancelled"), "not needed any more");
        queue.control().configure(queue.control().settings().maxDepth(5_000));
        queue.enqueue(NewTask.of("later").id(new TaskId("scheduled")).delay(Duration.ofDays(40_000)));
        queue.enqueue(NewTask.of("next")
                .id(new TaskId("ready"))
                .priority(3)
                .maxAttempts(7)
                .headers(Map.of("branch", "task/ünï")));
    }

    private static Claim claim(Session bob) throws InterruptedException {
        return bob.queue("work").claim(Wait.none());
    }

    private static void copy(Path store, Path target) throws IOException {
        List<Path> all;
        try (var paths = Files.walk(store)) {
            all = paths.filter(
                            path -> Files.isSymbolicLink(path) || Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                    .toList();
        }
        List<String> links = new ArrayList<>();
        for (Path path : all) {
            Path copy = target.resolve(store.relativize(path).toString());
            Files.createDirectories(copy.getParent());
            if (Files.isSymbolicLink(path)) {
                links.add(store.relativize(path) + " " + Files.readSymbolicLink(path));
            } else if (path.endsWith("order")) {
                Files.write(copy.resolveSibling("order.txt"), text(Files.readAllBytes(path)));
            } else {
                Files.copy(path, copy);
            }
        }
        Files.write(target.resolve(LINKS), links);
    }

    private static List<String> text(byte[] order) {
        List<String> lines = new ArrayList<>();
        for (int from = 0; from < order.length; from += BLOCK) {
            int length = BLOCK;
            while (length > 0 && order[from + length - 1] == 0) {
                length--;
            }
            if (length > 0) {
                lines.add(from / BLOCK + " " + HexFormat.of().formatHex(order, from, from + length));
            }
        }
        return lines;
    }

    /** The order file of such a text. */
    static byte[] order(List<String> lines) {
        byte[] order = OrderFile.blank();
        for (String line : lines) {
            String[] words = line.split(" ", -1);
            byte[] block = HexFormat.of().parseHex(words[1]);
            System.arraycopy(block, 0, order, Integer.parseInt(words[0]) * BLOCK, block.length);
        }
        return order;
    }
}
