package dev.agentcoord.fs;

import dev.agentcoord.Claim;
import dev.agentcoord.Condition;
import dev.agentcoord.CoordinationException;
import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.Item;
import dev.agentcoord.LockInfo;
import dev.agentcoord.LockRequest;
import dev.agentcoord.NewTask;
import dev.agentcoord.Participant;
import dev.agentcoord.Recipient;
import dev.agentcoord.Session;
import dev.agentcoord.Wait;
import dev.agentcoord.Write;
import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A process made for being killed or failed: it takes part in a store and does what it is told, a line at a time, on one thread that
 * does nothing else. It tells that thread's id first. Each line is answered by one; unless it is cold, what it says has been done before,
 * in another store, so that no class has to be loaded any more.
 */
final class Victim {
    /** As a second argument: it does not warm up. */
    static final String COLD = "cold";

    /** Everything it knows; done once to warm up. */
    private static final List<String> ALL = List.of(
            "open warm-up",
            "join",
            "lock a",
            "unlock",
            "lock-tree b",
            "lock-inside b",
            "check",
            "unlock",
            "unlock",
            "lock-long c",
            "unlock",
            "rival d",
            "wait d 50",
            "list",
            "steal d",
            "wait d 50",
            "rival-leave",
            "txn 0",
            "look",
            "enqueue warm-up",
            "claim warm-up",
            "five-under w",
            "five x",
            "handoff-five",
            "claim warm-up",
            "handoff",
            "claim warm-up",
            "complete",
            "close",
            "close");

    private Path dir;
    private final Deque<Grant> grants = new ArrayDeque<>();
    private @Nullable Coordinator coordinator;
    private @Nullable Session session;
    private @Nullable Session rival;
    private @Nullable Claim claim;

    private Victim(Path dir) {
        this.dir = dir;
    }

    public static void main(String[] args) throws Exception {
        ExecutorService hand = Executors.newSingleThreadExecutor();
        if (args.length == 1) {
            warmUp(hand);
        }
        System.out.println(hand.submit(Victim::thread).get());
        Victim victim = new Victim(Path.of(args[0]));
        BufferedReader in = Child.ownInput();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(answer(hand, victim, line));
        }
        Runtime.getRuntime().halt(0);
    }

    private static void warmUp(ExecutorService hand) throws InterruptedException, IOException {
        Path scratch = Files.createTempDirectory("victim");
        Victim victim = new Victim(scratch);
        for (String line : ALL) {
            answer(hand, victim, line);
        }
        Disk.deleteTree(scratch.toFile());
    }

    private static String answer(ExecutorService hand, Victim victim, String line) throws InterruptedException {
        try {
            return hand.submit(() -> victim.obey(line.split(" "))).get();
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            boolean typed = cause instanceof CoordinationException;
            if (!typed) {
                cause.printStackTrace();
            }
            return (typed ? "refused " : "broken ") + oneLine(String.valueOf(cause));
        }
    }

    private static String oneLine(String text) {
        return text.replace('\n', ' ');
    }

    /** By its number in the kernel. */
    private static String thread() throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/thread-self"))
                .getFileName()
                .toString();
    }

    private String obey(String[] words) throws InterruptedException, IOException {
        switch (words[0]) {
            case "in" -> dir = Path.of(String.join(" ", words).substring("in ".length()));
            case "open" -> coordinator = FsCoordinator.open(dir.resolve(words[1]), "web");
            case "join" -> session = Objects.requireNonNull(coordinator).join(Participant.named("victim"));
            case "lock" -> lock(LockRequest.exclusive(Item.file(words[1])));
            case "lock-tree" -> lock(LockRequest.exclusive(Item.tree(words[1])));
            case "lock-inside" -> lock(LockRequest.exclusive(Item.file(words[1] + "/x"), Item.file("beside")));
            case "lock-long" -> lock(manyFiles(words[1]));
            case "wait" -> {
                Duration time = Duration.ofMillis(Long.parseLong(words[2]));
                LockRequest request = LockRequest.exclusive(Item.file(words[1])).andExclusive(Item.file("behind"));
                grants.push(session().locks().acquire(request, Wait.upTo(time)));
            }
            case "churn" -> churn(words[1]);
            case "check" -> grants.forEach(Grant::check);
            case "unlock" -> grants.pop().release();
            case "list" -> Objects.requireNonNull(coordinator).sessions();
            case "steal" -> steal(Item.file(words[1]));
            case "rival" -> {
                rival = Objects.requireNonNull(coordinator).join(Participant.named("rival"));
                rival.locks().acquire(LockRequest.exclusive(Item.file(words[1])), Wait.forever());
            }
            case "rival-leave" -> Objects.requireNonNull(rival).close();
            case "txn" -> {
                byte[] value = words[1].getBytes(StandardCharsets.UTF_8);
                session()
                        .state()
                        .txn()
                        .then(Write.put("x", value), Write.put("y", value), Write.delete("z"))
                        .commit();
            }
            case "look" -> session().state().txn().when(Condition.exists("x")).commit();
            case "enqueue" -> session().queue(words[1]).enqueue(NewTask.of("x"));
            case "claim" -> claim = session().queue(words[1]).claim(Wait.forever());
            case "five" -> lockFive(words[1], LockRequest.empty());
            case "five-under" -> lockFive(words[1], LockRequest.empty().under(claim()));
            case "handoff" -> claim().handoff(Recipient.anyone(), "your turn");
            case "handoff-five" -> claim().handoff(Recipient.anyone(), "with all I have", List.copyOf(grants));
            case "complete" -> claim().complete("done");
            case "forget" -> grants.clear();
            case "close" -> Objects.requireNonNull(session).close();
            default -> throw new IllegalArgumentException(words[0]);
        }
        return "done" + more(words[0]);
    }

    private String more(String step) {
        return switch (step) {
            case "lock", "lock-long", "lock-tree" -> " " + grants.getFirst().token();
            case "join" -> " " + session().info().id();
            case "claim" ->
                " " + claim().token().generation() + " " + claim().grants().size();
            default -> "";
        };
    }

    /** Takes and releases a lock for ever. Each time it adds the token to a ledger, which only its holder may write. */
    private void churn(String path) throws InterruptedException, IOException {
        LockRequest request = LockRequest.exclusive(Item.file(path));
        try (FileOutputStream ledger =
                new FileOutputStream(dir.resolve("ledger-" + path).toFile(), true)) {
            while (true) {
                try (Grant grant = session().locks().acquire(request, Wait.forever())) {
                    ledger.write((grant.token() + "\n").getBytes(StandardCharsets.US_ASCII));
                }
            }
        }
    }

    /** One request for each, so that they are five tickets. */
    private void lockFive(String below, LockRequest request) throws InterruptedException {
        grants.clear();
        for (Item file : fiveFiles(below)) {
            lock(request.andExclusive(file));
        }
    }

    static List<Item> fiveFiles(String below) {
        List<Item> files = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            files.add(Item.file(below + "/file-" + i));
        }
        return files;
    }

    private Claim claim() {
        return Objects.requireNonNull(claim);
    }

    private Session session() {
        return Objects.requireNonNull(session);
    }

    private void lock(LockRequest request) throws InterruptedException {
        grants.push(session().locks().acquire(request, Wait.forever()));
    }

    static LockRequest manyFiles(String below) {
        LockRequest request = LockRequest.empty();
        for (int i = 0; i < 20; i++) {
            request = request.andExclusive(Item.file(below + "/a-rather-long-name-of-a-file-" + i));
        }
        return request;
    }

    private void steal(Item item) {
        LockInfo held = Objects.requireNonNull(coordinator).locks().stream()
                .filter(lock -> lock.granted() && lock.request().items().containsKey(item))
                .findFirst()
                .orElseThrow();
        session().locks().steal(held.id(), "a test");
    }
}
