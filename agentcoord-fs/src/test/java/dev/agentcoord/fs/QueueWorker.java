package dev.agentcoord.fs;

import dev.agentcoord.Claim;
import dev.agentcoord.Coordinator;
import dev.agentcoord.NewTask;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.Wait;
import dev.agentcoord.WaitTimeoutException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A process that adds tasks, or works on them, and writes down what it does the moment it has done it, so that it may be killed at any
 * time: {@code add <id> <priority> <nanos>} once a task is acknowledged, {@code claim <id> <priority> <position> <delivery> <attempt>
 * <asked> <got>}, {@code ending <id> <delivery>}, {@code done <id> <delivery>}, {@code back <id> <delivery>}.
 */
final class QueueWorker {
    static final String SPACE = "campaign";
    static final String QUEUE = "work";
    private static final int LARGEST_BATCH = 20;
    private static final int GIVEN_BACK_OF_A_HUNDRED = 2;

    private final Path dir;
    private final TaskQueue queue;
    private final FileOutputStream ledger;
    private final Random random;

    private QueueWorker(Path dir, TaskQueue queue, FileOutputStream ledger, Random random) {
        this.dir = dir;
        this.queue = queue;
        this.ledger = ledger;
        this.random = random;
    }

    /** Arguments: directory, name, seed, and for a producer how many tasks of that name there are to be. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path dir = Path.of(args[0]);
        Random random = new Random(Long.parseLong(args[2]));
        FsOptions options = FsOptions.defaults().durability(Durability.UNSYNCED);
        Path book =
                dir.resolve("ledger-" + args[1] + "-" + ProcessHandle.current().pid());
        try (FileOutputStream ledger = new FileOutputStream(book.toFile(), true);
                Coordinator coordinator = FsCoordinator.open(dir.resolve("store"), SPACE, options);
                Session session = coordinator.join(Participant.named(args[1]))) {
            QueueWorker worker = new QueueWorker(dir, session.queue(QUEUE), ledger, random);
            if (args.length > 3) {
                worker.produce(args[1], Integer.parseInt(args[3]));
            } else {
                worker.consume();
            }
        }
    }

    private void write(String line) throws IOException {
        ledger.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Goes on where those before it were killed: what was not acknowledged is added again under the same ids. */
    private void produce(String name, int total) throws IOException {
        for (int next = acknowledged(name); next < total; ) {
            int end = Math.min(total, next + 1 + random.nextInt(LARGEST_BATCH));
            List<NewTask> batch = new ArrayList<>();
            for (int i = next; i < end; i++) {
                batch.add(task(name, i));
            }
            queue.enqueueAll(batch);
            long now = System.nanoTime();
            StringBuilder lines = new StringBuilder();
            for (int i = next; i < end; i++) {
                lines.append("add ").append(name).append('.').append(i).append(' ');
                lines.append(task(name, i).priority()).append(' ').append(now).append('\n');
            }
            ledger.write(lines.toString().getBytes(StandardCharsets.UTF_8));
            next = end;
        }
    }

    private static NewTask task(String name, int number) {
        TaskId id = new TaskId(name + "." + number);
        return NewTask.of("work " + number)
                .id(id)
                .priority(Math.floorMod(id.text().hashCode(), 10))
                .maxAttempts(NewTask.MOST_ATTEMPTS);
    }

    private int acknowledged(String name) throws IOException {
        int next = 0;
        try (var books = Files.newDirectoryStream(dir, "ledger-" + name + "-*")) {
            for (Path book : books) {
                for (String line : lines(book)) {
                    next = Math.max(next, 1 + Integer.parseInt(line.split("[. ]", -1)[2]));
                }
            }
        }
        return next;
    }

    /** The lines that were written in full. */
    static List<String> lines(Path book) throws IOException {
        String text = Files.readString(book);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    private void consume() throws IOException, InterruptedException {
        while (!Files.exists(dir.resolve("stop"))) {
            long asked = System.nanoTime();
            Claim claim;
            try {
                claim = queue.claim(Wait.upTo(Duration.ofMillis(500)));
            } catch (WaitTimeoutException e) {
                continue;
            }
            long got = System.nanoTime();
            String id = claim.task().id() + " ";
            write("claim " + id + claim.task().priority() + " " + claim.token().position() + " "
                    + claim.token().generation() + " " + claim.task().attempt() + " " + asked + " " + got);
            if (random.nextInt(100) < GIVEN_BACK_OF_A_HUNDRED) {
                claim.release(Duration.ZERO);
                write("back " + id + claim.token().generation());
            } else {
                write("ending " + id + claim.token().generation());
                claim.complete("");
                write("done " + id + claim.token().generation());
            }
        }
    }
}
