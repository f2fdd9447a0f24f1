package dev.agentcoord.fs;

import dev.agentcoord.FencingToken;
import dev.agentcoord.Participant;
import dev.agentcoord.StoreUnavailableException;
import dev.agentcoord.core.lock.Verdict;
import dev.agentcoord.spi.Backend;
import dev.agentcoord.spi.Placement;
import dev.agentcoord.spi.StoreSession;
import dev.agentcoord.spi.TicketDraft;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Takes and gives up locks below the engine, so that it knows when a request has its place, and writes each grant down. */
final class Mixer {
    private final Backend backend;
    private final StoreSession session;
    private final Account account;
    private long request;
    private int unreached;

    private Mixer(Backend backend, StoreSession session, Account account) {
        this.backend = backend;
        this.session = session;
        this.account = account;
    }

    /** Arguments: store, account, seed, how many grants, or {@code read} to read below one tree until the input ends, and perhaps a format. */
    public static void main(String[] args) throws IOException {
        BufferedReader in = Child.ownInput();
        Random random = new Random(Long.parseLong(args[2]));
        Manifest.Format format = args.length > 4 ? Puppet.format(args[4]) : Manifest.Format.CURRENT;
        FsOptions options = FsOptions.defaults();
        Backend backend = new FsBackend(Space.open(Path.of(args[0]), "mixed", options, format), options);
        int unreached;
        try (Account account = new Account(Path.of(args[1]))) {
            Mixer mixer = new Mixer(backend, backend.join(Participant.named("mixer"), new Peer.Silent()), account);
            System.out.println("ready");
            if (in.readLine() != null) {
                if (args[3].equals("read")) {
                    mixer.read(random, in);
                } else {
                    mixer.mix(random, Integer.parseInt(args[3]));
                }
            }
            unreached = mixer.unreached;
        }
        System.out.println("done " + unreached);
        backend.close();
    }

    private void mix(Random random, int grants) throws IOException {
        for (int i = 0; i < grants; i++) {
            take(Ask.random(random), random.nextInt(8) == 0 ? random.nextInt(300_000) : 0);
        }
    }

    private void read(Random random, BufferedReader in) throws IOException {
        BooleanSupplier stop = Child.stopOf(in);
        while (!stop.getAsBoolean()) {
            take(Ask.read(random.nextInt(8)), 2_000_000 + random.nextInt(2_000_000));
        }
    }

    private void take(Ask ask, int nanos) throws IOException {
        Peer.Waiter waiter = new Peer.Waiter();
        long asked = System.nanoTime();
        TicketDraft draft = new TicketDraft(ask.request(), request++, waiter);
        Placement placement = insist(() -> session.tickets().place(draft, true));
        long placed = System.nanoTime();
        FencingToken token = await(waiter, placement);
        long granted = System.nanoTime();
        if (nanos > 0) {
            LockSupport.parkNanos(nanos);
        }
        long ended = System.nanoTime();
        if (!insist(() -> session.tickets().remove(placement.ticket()))) {
            throw new IllegalStateException(
                    "lost " + placement.ticket() + ": " + session.tickets().lossOf(placement.ticket()));
        }
        account.write(new Hold(token, ask.writes(), ask.reads(), asked, placed, granted, ended));
    }

    private FencingToken await(Peer.Waiter waiter, Placement placement) {
        Verdict verdict = placement.verdict();
        while (!(verdict instanceof Verdict.Granted)) {
            waiter.awaitHint();
            verdict = insist(() -> session.tickets().decide(placement.ticket()));
        }
        FencingToken token = ((Verdict.Granted) verdict).token();
        if (!token.equals(placement.ticket().token(backend.incarnation()))) {
            throw new IllegalStateException("the token of " + placement.ticket() + " is " + token);
        }
        return token;
    }

    /** On a machine with far more to do than it can, the section may be out of reach for longer than a call waits. */
    private <T> T insist(Supplier<T> call) {
        while (true) {
            try {
                return call.get();
            } catch (StoreUnavailableException e) {
                unreached++;
            }
        }
    }
}
