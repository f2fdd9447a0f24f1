package dev.agentcoord.fs;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.Wait;
import dev.agentcoord.core.Limits;
import java.nio.file.Path;

/**
 * A process that writes without end until its power is cut, several threads at once, and says each thing only after it was promised to
 * last: what {@link CutTasks} and {@link CutStates} say, and {@code granted POSITION}.
 */
final class CutWriter {
    private static final int REPEATS = 200;

    private CutWriter() {}

    /** One thing done again and again. */
    interface Work {
        void once(int number) throws InterruptedException;
    }

    public static void main(String[] args) {
        Coordinator coordinator = FsCoordinator.open(Path.of(args[0]), "cut");
        Session session = coordinator.join(Participant.named("writer"));
        Session receiver = coordinator.join(Participant.named(CutTasks.RECEIVER));
        System.out.println("ready");
        repeat(number -> {
            lock(session);
            // At the disk's pace, or there would be little else.
            session.state().put("pace", new byte[0]);
        });
        new CutTasks(session, receiver).start();
        new CutStates(session.state()).start();
    }

    static void repeat(Work work) {
        new Thread(() -> {
                    try {
                        for (int number = 1; ; number++) {
                            work.once(number);
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (RuntimeException e) {
                        say("failed " + e);
                    }
                })
                .start();
    }

    private static void lock(Session session) throws InterruptedException {
        try (Grant grant = session.locks().acquire(LockRequest.exclusive(Item.file("a")), Wait.forever())) {
            say("granted " + grant.token().position());
        }
    }

    /** Long enough for a torn one to show, and now and then too long for a record of the log. */
    static String text(String word) {
        String part = word + ' ';
        return part.repeat(word.endsWith("50") ? Limits.VALUE_BYTES / part.length() : REPEATS);
    }

    static void say(String what) {
        synchronized (System.out) {
            System.out.println(what);
        }
    }
}
