package dev.agentcoord.fs;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.Versioned;
import dev.agentcoord.Wait;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A process that looks after a power cut for what {@link CutWriter} said: it is given those lines, and answers each with {@code ok},
 * {@code lost} or {@code torn} and what it found.
 */
final class CutReader {
    private CutReader() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        try (Coordinator coordinator = FsCoordinator.open(Path.of(args[0]), "cut");
                Session session = coordinator.join(Participant.named("reader"))) {
            System.out.println("ready");
            BufferedReader in = Child.ownInput();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                System.out.println(verdict(session, line.split(" ", -1)));
            }
        } catch (CoordinationException e) {
            System.out.println(e);
        }
    }

    private static String verdict(Session session, String[] said) throws InterruptedException {
        try {
            return switch (said[0]) {
                case "added" -> task(session, said[1], "");
                case "done" -> task(session, said[1], "DONE");
                case "dead" -> task(session, said[1], "DEAD");
                case "put" -> value(session, said[1], Integer.parseInt(said[2]));
                default -> position(session, Long.parseLong(said[1]));
            };
        } catch (CoordinationException e) {
            return "lost " + e;
        }
    }

    private static String task(Session session, String id, String state) {
        TaskInfo task = session.queue(CutWriter.QUEUE).find(new TaskId(id)).orElse(null);
        if (task == null || !(state.isEmpty() || task.state().name().equals(state))) {
            return "lost " + task;
        }
        boolean whole = task.payloadText().equals(CutWriter.text(id));
        boolean wholeOutcome = switch (task.state()) {
            case DONE -> task.outcome().equals(CutWriter.text("result"));
            case DEAD -> task.outcome().equals(CutWriter.text("cause"));
            default -> task.outcome().isEmpty() || task.outcome().equals(CutWriter.text("cause"));
        };
        return whole && wholeOutcome ? "ok" : "torn " + task;
    }

    private static String value(Session session, String key, int least) {
        Versioned value = session.state().get(key).orElse(null);
        if (value == null) {
            return "lost";
        }
        String text = new String(value.value(), StandardCharsets.UTF_8);
        int number = Integer.parseInt(text.substring(0, Math.max(1, text.indexOf(' '))));
        if (!text.equals(CutWriter.text(String.valueOf(number)))) {
            return "torn " + text;
        }
        return number >= least ? "ok" : "lost " + number;
    }

    /** No position is given out twice, whatever was forgotten. */
    private static String position(Session session, long before) throws InterruptedException {
        try (Grant grant = session.locks().acquire(LockRequest.exclusive(Item.file("a")), Wait.none())) {
            long position = grant.token().position();
            return position > before ? "ok" : "lost " + position;
        }
    }
}
