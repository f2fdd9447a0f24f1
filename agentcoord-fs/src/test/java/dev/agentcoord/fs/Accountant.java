package dev.agentcoord.fs;

import dev.agentcoord.Condition;
import dev.agentcoord.Coordinator;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.SharedState;
import dev.agentcoord.TxnResult;
import dev.agentcoord.Versioned;
import dev.agentcoord.Write;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Increments counters by compare-and-set, moves money between accounts by transactions, and reads all accounts at once. Of each write that
 * was accepted it notes which revision of which key it replaced, and by which.
 */
final class Accountant {
    static final int COUNTERS = 3;
    static final int ACCOUNTS = 6;
    static final int EACH = 100;

    private final SharedState state;
    private final Random random;
    private final BufferedWriter ledger;
    private long refused;
    private long wrong;
    private long reads;

    private Accountant(SharedState state, Random random, BufferedWriter ledger) {
        this.state = state;
        this.random = random;
        this.ledger = ledger;
    }

    /** Arguments: store, ledger, seed, durability, number of writes. */
    public static void main(String[] args) throws IOException {
        FsOptions options = FsOptions.defaults().durability(Durability.valueOf(args[3]));
        BufferedReader in = Child.ownInput();
        try (Coordinator coordinator = FsCoordinator.open(Path.of(args[0]), "bank", options);
                Session session = coordinator.join(Participant.named("accountant"));
                BufferedWriter ledger = Files.newBufferedWriter(Path.of(args[1]))) {
            Accountant accountant = new Accountant(session.state(), new Random(Long.parseLong(args[2])), ledger);
            System.out.println("ready");
            in.readLine();
            for (int i = 0; i < Integer.parseInt(args[4]); i++) {
                accountant.work();
            }
            ledger.flush();
            System.out.println(accountant.refused + " " + accountant.reads + " " + accountant.wrong);
            in.readLine();
        }
    }

    static String counter(int number) {
        return "counter/" + number;
    }

    static String account(int number) {
        return "account/" + number;
    }

    static String[] accounts() {
        return IntStream.range(0, ACCOUNTS).mapToObj(Accountant::account).toArray(String[]::new);
    }

    static byte[] bytes(long number) {
        return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    }

    private void work() throws IOException {
        boolean done = false;
        while (!done) {
            done = random.nextBoolean() ? increment() : transfer();
            refused += done ? 0 : 1;
        }
        if (random.nextInt(4) == 0) {
            readAll();
        }
    }

    private boolean increment() throws IOException {
        Versioned now = state.get(counter(random.nextInt(COUNTERS))).orElseThrow();
        OptionalLong written = state.compareAndSet(now.key(), now.revision(), bytes(numberIn(now) + 1));
        if (written.isPresent()) {
            note(now, written.getAsLong());
        }
        return written.isPresent();
    }

    private boolean transfer() throws IOException {
        int from = random.nextInt(ACCOUNTS);
        Versioned a = state.get(account(from)).orElseThrow();
        Versioned b = state.get(account((from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS))
                .orElseThrow();
        int amount = random.nextInt(10);
        TxnResult result = state.txn()
                .when(Condition.revision(a.key(), a.revision()), Condition.revision(b.key(), b.revision()))
                .then(Write.put(a.key(), bytes(numberIn(a) - amount)), Write.put(b.key(), bytes(numberIn(b) + amount)))
                .commit();
        if (result.committed()) {
            note(a, result.revision());
            note(b, result.revision());
        }
        return result.committed();
    }

    private void readAll() {
        Map<String, Versioned> found = state.txn()
                .when(Condition.absent(account(0)))
                .otherwise(accounts())
                .commit()
                .found();
        long sum = found.values().stream().mapToLong(Accountant::numberIn).sum();
        wrong += sum == (long) ACCOUNTS * EACH ? 0 : 1;
        reads++;
    }

    private void note(Versioned replaced, long by) throws IOException {
        ledger.write(replaced.key() + " " + replaced.revision() + " " + by + "\n");
    }

    static long numberIn(Versioned value) {
        return Long.parseLong(value.text());
    }
}
