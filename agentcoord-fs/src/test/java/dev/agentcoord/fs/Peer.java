package dev.agentcoord.fs;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.LossCause;
import dev.agentcoord.Participant;
import dev.agentcoord.Pool;
import dev.agentcoord.SessionStatus;
import dev.agentcoord.TicketId;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.Verdict;
import dev.agentcoord.spi.Backend;
import dev.agentcoord.spi.Placement;
import dev.agentcoord.spi.StoreEvents;
import dev.agentcoord.spi.StoreSession;
import dev.agentcoord.spi.TicketDraft;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A process that takes part in a space and does what it is told, a line at a time: {@code lock PATH}, {@code unlock PATH},
 * {@code held PATH}, {@code wait PATH}, {@code ask POSITION}, {@code list},
 * {@code sessions}, {@code inspect}, {@code storm PATH COUNT}. Each line is answered by one. It can join again when it has left.
 */
final class Peer {
    static final String REASON = "a test";
    static final String POOL = "pool";

    private final Path root;
    private final String space;
    private final Backend backend;
    private final StoreSession session;
    private final Map<String, Ticket> tickets = new HashMap<>();
    private long request;

    private Peer(Path root, String space) {
        this.root = root;
        this.space = space;
        this.backend = FsCoordinator.backend(root, space, FsOptions.defaults());
        this.session = join(backend);
    }

    private static StoreSession join(Backend backend) {
        return backend.join(Participant.named("peer"), new Silent());
    }

    /** Takes part in one space after the other, as {@code join STORE SPACE} and {@code leave} say. */
    public static void main(String[] args) throws IOException {
        BufferedReader in = Child.ownInput();
        Peer peer = null;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            try {
                switch (words[0]) {
                    case "join" -> {
                        peer = new Peer(Path.of(words[1]), words[2]);
                        System.out.println("ready " + peer.session.info().id());
                    }
                    case "leave" -> {
                        Objects.requireNonNull(peer).backend.close();
                        System.out.println("left");
                    }
                    default -> System.out.println(Objects.requireNonNull(peer).answer(words));
                }
            } catch (CoordinationException e) {
                System.out.println(e);
            }
        }
        if (peer != null) {
            peer.backend.close();
        }
    }

    private String answer(String[] words) {
        return switch (words[0]) {
            case "lock" -> lock(words[1]);
            case "unlock" -> String.valueOf(session.tickets().remove(ticket(words[1])));
            case "held" -> String.valueOf(session.tickets().lossOf(ticket(words[1])));
            case "wait" -> waitFor(words[1]);
            case "ask" -> ask(Long.parseLong(words[1]));
            case "list" -> list(backend);
            case "sessions" -> String.valueOf(backend.sessions().size());
            case "inspect" -> FsCoordinator.inspect(root, space).toString();
            case "storm" -> storm(words[1], Integer.parseInt(words[2]));
            default -> "what?";
        };
    }

    private String lock(String path) {
        Placement placed = place(path, () -> {}, true);
        tickets.put(path, placed.ticket());
        return placed.verdict() instanceof Verdict.Granted granted
                ? granted.token().toString()
                : "blocked";
    }

    private String waitFor(String path) {
        Waiter waiter = new Waiter();
        Placement placed = place(path, waiter, true);
        tickets.put(path, placed.ticket());
        waiter.awaitGrant(session, placed);
        return "granted";
    }

    private String ask(long position) {
        session.tickets().requestRelease(new TicketId(position), REASON);
        return "asked";
    }

    /** All tickets of a space as a peer tells of them. */
    static String list(Backend backend) {
        return backend.tickets().stream()
                .map(ticket -> ticket.owner() + " " + ticket.wants() + " "
                        + ticket.wants().reason())
                .collect(Collectors.joining("; "));
    }

    /** Takes and releases so many times; the answer lists {@code position start end} of each hold by the clock all share. */
    private String storm(String path, int count) {
        StringBuilder holds = new StringBuilder();
        for (int i = 0; i < count; i++) {
            Waiter waiter = new Waiter();
            Placement placed = place(path, waiter, true);
            waiter.awaitGrant(session, placed);
            long start = System.nanoTime();
            long end = System.nanoTime();
            session.tickets().remove(placed.ticket());
            holds.append(placed.ticket().position())
                    .append(',')
                    .append(start)
                    .append(',')
                    .append(end)
                    .append(' ');
        }
        return holds.toString();
    }

    private Ticket ticket(String path) {
        return Objects.requireNonNull(tickets.get(path));
    }

    private Placement place(String path, Runnable hint, boolean keep) {
        return session.tickets().place(new TicketDraft(wants(path), request++, hint), keep);
    }

    /**
     * A path, with a slash at the end all below it, with a question mark before it shared, or {@code pool}: one of two permits; or several
     * of these with plus signs between.
     */
    static LockRequest wants(String paths) {
        LockRequest wants = LockRequest.empty().reason(REASON);
        for (String path : paths.split("\\+", -1)) {
            if (path.equals(POOL)) {
                wants = wants.andPermits(new Pool(POOL, 2), 1);
            } else if (path.startsWith("?")) {
                wants = wants.andShared(item(path.substring(1)));
            } else {
                wants = wants.andExclusive(item(path));
            }
        }
        return wants;
    }

    private static Item item(String path) {
        return path.endsWith("/") ? Item.tree(path.substring(0, path.length() - 1)) : Item.file(path);
    }

    /** Hears nothing. */
    static final class Silent implements StoreEvents {
        @Override
        public void status(SessionStatus status) {}

        @Override
        public void lost(TicketId ticket, LossCause cause) {}
    }

    /** Waits for a hint, then decides. */
    static final class Waiter implements Runnable {
        private boolean hinted;

        @Override
        public synchronized void run() {
            hinted = true;
            notifyAll();
        }

        synchronized void awaitHint() {
            try {
                while (!hinted) {
                    wait();
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            hinted = false;
        }

        void awaitGrant(StoreSession session, Placement placed) {
            Verdict verdict = placed.verdict();
            while (!(verdict instanceof Verdict.Granted)) {
                awaitHint();
                verdict = session.tickets().decide(placed.ticket());
            }
        }
    }
}
