package dev.agentcoord.fs;

import dev.agentcoord.Coordinator;
import dev.agentcoord.DeadlockException;
import dev.agentcoord.Grant;
import dev.agentcoord.Locks;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.Wait;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Wants several of a few files again and again, in any order: all in one request, or one after the other while it holds those before.
 * As the victim of a deadlock it gives up what it holds and begins again. A wait that times out ends it, with an error.
 */
final class Stormer {
    private static final int PLACES = 8;
    private static final Wait PATIENCE = Wait.upTo(Duration.ofSeconds(60));

    private final Locks locks;
    private final Account account;
    private final Random random;
    private final Deque<Hold> holds = new ArrayDeque<>();
    private final Deque<Grant> grants = new ArrayDeque<>();
    private long done;
    private long victim;
    private long longest;

    private Stormer(Locks locks, Account account, Random random) {
        this.locks = locks;
        this.account = account;
        this.random = random;
    }

    /** Arguments: store, account, seed, {@code whole} or {@code piecemeal}. */
    public static void main(String[] args) throws IOException, InterruptedException {
        BufferedReader in = Child.ownInput();
        try (Coordinator coordinator = FsCoordinator.open(Path.of(args[0]), "storm");
                Session session = coordinator.join(Participant.named("stormer"))) {
            Stormer stormer;
            try (Account account = new Account(Path.of(args[1]))) {
                stormer = new Stormer(session.locks(), account, new Random(Long.parseLong(args[2])));
                System.out.println("ready");
                in.readLine();
                BooleanSupplier stop = Child.stopOf(in);
                while (!stop.getAsBoolean()) {
                    stormer.work(args[3].equals("whole"));
                }
            }
            System.out.println(stormer.done + " " + stormer.victim + " " + stormer.longest);
        }
    }

    private void work(boolean whole) throws IOException, InterruptedException {
        List<Integer> files = new ArrayList<>(IntStream.range(0, PLACES).boxed().toList());
        Collections.shuffle(files, random);
        List<Integer> wanted = files.subList(0, 2 + random.nextInt(2));
        long begun = System.nanoTime();
        while (!take(wanted, whole)) {
            victim++;
        }
        longest = Math.max(longest, System.nanoTime() - begun);
        done++;
    }

    private boolean take(List<Integer> wanted, boolean whole) throws IOException, InterruptedException {
        try {
            if (whole) {
                Ask all = Ask.write(wanted.get(0));
                for (int file : wanted) {
                    all = all.and(file, true);
                }
                acquire(all);
            } else {
                for (int file : wanted) {
                    acquire(Ask.write(file));
                }
            }
            return true;
        } catch (DeadlockException e) {
            return false;
        } finally {
            while (!grants.isEmpty()) {
                account.write(holds.pop().endingAt(System.nanoTime()));
                grants.pop().release();
            }
        }
    }

    private void acquire(Ask ask) throws InterruptedException {
        long asked = System.nanoTime();
        Grant grant = locks.acquire(ask.request(), PATIENCE);
        long granted = System.nanoTime();
        grants.push(grant);
        holds.push(new Hold(grant.token(), ask.writes(), ask.reads(), asked, granted, granted, 0));
    }
}
