package dev.agentcoord.fs;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.Wait;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A process that looks after a power cut for what {@link CutWriter} said: it is given those lines, and last of all {@code drain QUEUE} for
 * each queue, and answers each with {@code ok}, {@code lost} or {@code torn} and what it found.
 */
final class CutReader {
    private final Session session;
    private final TasksAfterCut tasks;
    private final StatesAfterCut states;

    private CutReader(Session session) {
        this.session = session;
        this.tasks = new TasksAfterCut(session);
        this.states = new StatesAfterCut(session.state());
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        try (Coordinator coordinator = FsCoordinator.open(Path.of(args[0]), "cut");
                Session session = coordinator.join(Participant.named(CutTasks.RECEIVER))) {
            CutReader reader = new CutReader(session);
            System.out.println("ready");
            BufferedReader in = Child.ownInput();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                System.out.println(reader.verdict(line.split(" ", -1)));
            }
        } catch (CoordinationException e) {
            System.out.println(e);
        }
    }

    private String verdict(String[] said) throws InterruptedException {
        try {
            return switch (said[0]) {
                case "put" -> states.written(said[1], Integer.parseInt(said[2]));
                case "deleted" -> states.deleted(said[1], Integer.parseInt(said[2]));
                case "both" -> states.both(said[1], Integer.parseInt(said[2]));
                case "granted" -> position(Long.parseLong(said[1]));
                case "failed" -> "lost";
                case "same" -> tasks.same(said[1], said[2], said[3]);
                case "drain" -> tasks.drain(said[1]);
                default -> tasks.verdict(said[0], said[1], said[2]);
            };
        } catch (CoordinationException e) {
            return "lost " + e;
        }
    }

    /** No position is given out twice, whatever was forgotten. */
    private String position(long before) throws InterruptedException {
        try (Grant grant = session.locks().acquire(LockRequest.exclusive(Item.file("a")), Wait.none())) {
            long position = grant.token().position();
            return position > before ? "ok" : "lost " + position;
        }
    }
}
